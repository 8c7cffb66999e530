/** The stream of changes: reads again when something has changed, and says when it is not heard. */
const QUIET_MS = 10_000;
const TOGETHER_MS = 150;

export class Live {
  stale = $state(false);
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lost: ReturnType<typeof setTimeout> | undefined;

  /** `changed` reads again; several changes in one moment are read once. */
  constructor(readonly changed: () => Promise<void>) {}

  start(): () => void {
    const again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#read(), TOGETHER_MS);
    };
    this.#source = new EventSource("/api/v1/events");
    this.#source.addEventListener("open", () => {
      this.#heard();
      again();
    });
    this.#source.addEventListener("change", again);
    this.#source.addEventListener("reset", again);
    this.#source.addEventListener("error", () => {
      this.#lost ??= setTimeout(() => (this.stale = true), QUIET_MS / 2);
    });
    void this.#read();
    return () => {
      this.#source?.close();
      clearTimeout(this.#timer);
      clearTimeout(this.#lost);
    };
  }

  #heard(): void {
    clearTimeout(this.#lost);
    this.#lost = undefined;
    this.stale = false;
  }

  async #read(): Promise<void> {
    try {
      await this.changed();
      if (this.#source?.readyState === EventSource.OPEN) this.#heard();
    } catch {
      this.stale = true;
    }
  }
}
