/** The stream of changes: reads again when something has changed, and says when it is not heard. */
import { inside } from "./session.svelte";

/** What a stream tells in one breath is read once. */
const BREATH_MS = 10;
/** Two reads of one screen are so far apart at least, however busy the night. */
const APART_MS = 100;
/** Asked so often whether the server is there: a line that is cut in silence tells the stream nothing. */
const PULSE_MS = 4_000;

/** All that shows something listens to one stream: a browser opens few connections to one house. */
const listening = new Set<Live>();
let source: EventSource | null = null;
let beating: ReturnType<typeof setInterval> | undefined;

function open(): void {
  const again = () => listening.forEach((one) => one.soon(null));
  source?.close();
  source = new EventSource("/api/v1/events");
  for (const kind of ["open", "reset"]) source.addEventListener(kind, again);
  source.addEventListener("change", (event: MessageEvent<string>) => {
    const told = JSON.parse(event.data) as { kind: string; subject_id: string };
    listening.forEach((one) => one.soon(told.kind === "referral" ? told.subject_id : null));
  });
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
  /** What has changed and was not read yet: referrals, or anything at all. */
  #changes: Set<string> | "anything" = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | null = null;

  /** `changed` reads again: everything, or what these referrals have changed. One read at a time. */
  constructor(readonly changed: (only: string[] | null) => Promise<void>) {}

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

  /** Read again what a referral has changed, or everything, with what else comes in one breath. */
  soon(referral: string | null): void {
    if (referral === null) this.#changes = "anything";
    else if (this.#changes !== "anything") this.#changes.add(referral);
    if (this.#reading) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), BREATH_MS);
  }

  /** Read everything again, now; done when it is there. */
  now = (): Promise<void> => {
    this.#changes = "anything";
    return this.#read();
  };

  /** What changes while something is read is read behind it: an older answer never comes last. */
  #read(): Promise<void> {
    clearTimeout(this.#timer);
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    await this.#once(this.#taken());
    while (this.#waits) {
      await new Promise((done) => setTimeout(done, APART_MS));
      await this.#once(this.#taken());
    }
  }

  get #waits(): boolean {
    return this.#changes === "anything" || this.#changes.size > 0;
  }

  /** What is to be read; null is everything: what is stale may lack more than what has changed. */
  #taken(): string[] | null {
    const changes = this.#changes;
    this.#changes = new Set();
    return changes === "anything" || this.stale ? null : [...changes];
  }

  async #once(only: string[] | null): Promise<void> {
    if (!inside()) {
      // Behind the door nothing is asked; it is read as soon as somebody is in again.
      this.stale = true;
      return;
    }
    try {
      await this.changed(only);
      this.error = null;
      this.stale = false;
    } catch (found) {
      this.error = found;
      this.stale = true;
    }
  }
}
