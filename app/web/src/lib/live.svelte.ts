/** The stream of changes: reads again when something has changed, and says when it is not heard. */
import { inside } from "./session.svelte";

const TOGETHER_MS = 150;
/** Asked so often whether the server is there: a line that is cut in silence tells the stream nothing. */
const PULSE_MS = 4_000;

export class Live {
  /** What is shown may be old. */
  stale = $state(false);
  /** Why it could not be read again; null when it was. */
  error = $state<unknown>(null);
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` reads again; several changes in one moment are read once. */
  constructor(readonly changed: () => Promise<void>) {}

  start(): () => void {
    this.#open();
    const pulse = setInterval(() => void this.#pulse(), PULSE_MS);
    void this.now();
    return () => {
      clearInterval(pulse);
      clearTimeout(this.#timer);
      this.#source?.close();
    };
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

  #open(): void {
    const again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.now(), TOGETHER_MS);
    };
    this.#source?.close();
    this.#source = new EventSource("/api/v1/events");
    for (const kind of ["open", "change", "reset"]) this.#source.addEventListener(kind, again);
  }

  async #pulse(): Promise<void> {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PULSE_MS);
    try {
      const there = await fetch("/livez", { signal: stop.signal, cache: "no-store" });
      if (!there.ok) throw new Error(String(there.status));
      // A browser gives up a stream that was refused; where it was lost here, read what was missed.
      if (this.#source?.readyState === EventSource.CLOSED) this.#open();
      else if (this.stale) await this.now();
    } catch {
      this.stale = true;
    } finally {
      clearTimeout(late);
    }
  }
}
