/** The stream of changes: reads again when something has changed, and says when it is not heard. */
import { inside } from "./session.svelte";

const TOGETHER_MS = 150;
/** Asked so often whether the server is there: a line that is cut in silence tells the stream nothing. */
const PULSE_MS = 4_000;

/** All that shows something listens to one stream: a browser opens few connections to one house. */
const listening = new Set<Live>();
let source: EventSource | null = null;
let beating: ReturnType<typeof setInterval> | undefined;

function open(): void {
  const again = () => listening.forEach((one) => one.soon());
  source?.close();
  source = new EventSource("/api/v1/events");
  for (const kind of ["open", "change", "reset"]) source.addEventListener(kind, again);
}

async function beat(): Promise<void> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PULSE_MS);
  try {
    const there = await fetch("/livez", { signal: stop.signal, cache: "no-store" });
    if (!there.ok) throw new Error(String(there.status));
    // A browser gives up a stream that was refused; where it was lost here, read what was missed.
    if (source?.readyState === EventSource.CLOSED) open();
    else listening.forEach((one) => one.stale && void one.now());
  } catch {
    listening.forEach((one) => (one.stale = true));
  } finally {
    clearTimeout(late);
  }
}

export class Live {
  /** What is shown may be old. */
  stale = $state(false);
  /** Why it could not be read again; null when it was. */
  error = $state<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` reads again; several changes in one moment are read once. */
  constructor(readonly changed: () => Promise<void>) {}

  start(): () => void {
    listening.add(this);
    if (source === null) {
      open();
      beating = setInterval(() => void beat(), PULSE_MS);
    }
    void this.now();
    return () => {
      clearTimeout(this.#timer);
      listening.delete(this);
      if (listening.size) return;
      clearInterval(beating);
      source?.close();
      source = null;
    };
  }

  /** Read again once those changes that come together are all there. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), TOGETHER_MS);
  }

  /** Read again, now. */
  now = async (): Promise<void> => {
    if (!inside()) {
      // Behind the door nothing is asked; it is read as soon as somebody is in again.
      this.stale = true;
      return;
    }
    try {
      await this.changed();
      this.error = null;
      this.stale = false;
    } catch (found) {
      this.error = found;
      this.stale = true;
    }
  };
}
