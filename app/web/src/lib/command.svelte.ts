/** Commands of a screen. */
import { newKey, post, type Path, type Sent } from "./http";

type Send = (path: Path, parts: Record<string, string>, sent: Sent) => Promise<unknown>;

/** One command; its key stays the same until it was done, so a repetition does nothing twice. */
export class Command {
  busy = $state(false);
  error = $state<unknown>(null);
  #keys = new Map<string, string>();

  constructor(readonly done: () => Promise<void>) {}

  async run(
    path: Path,
    parts: Record<string, string>,
    body: unknown,
    version?: number,
    send: Send = post,
  ): Promise<void> {
    const what = JSON.stringify([path, parts, body]);
    const key = this.#keys.get(what) ?? newKey();
    this.#keys.set(what, key);
    this.busy = true;
    this.error = null;
    try {
      await send(path, parts, { body, key, version });
      this.#keys.delete(what);
    } catch (found) {
      this.error = found;
    }
    this.busy = false;
    await this.done().catch((found: unknown) => (this.error ??= found));
  }
}
