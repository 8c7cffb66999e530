/** Commands of a screen. */
import { newKey, post, type Path, type Sent } from "./http";

type Answer<P extends Path> = Awaited<ReturnType<typeof post<P>>>;
type Send = (path: Path, parts: Record<string, string>, sent: Sent) => Promise<unknown>;

/** One command; its key stays the same until it was done, so a repetition does nothing twice. */
export class Command {
  busy = $state(false);
  error = $state<unknown>(null);
  #keys = new Map<string, string>();

  constructor(readonly done: () => Promise<void>) {}

  /** Do it; its answer, or nothing where it was refused. */
  async run<P extends Path>(
    path: P,
    parts: Record<string, string>,
    body: unknown,
    version?: number,
    send: Send = post,
  ): Promise<Answer<P> | undefined> {
    const what = JSON.stringify([path, parts, body]);
    const key = this.#keys.get(what) ?? newKey();
    this.#keys.set(what, key);
    this.busy = true;
    this.error = null;
    let answer: Answer<P> | undefined;
    try {
      answer = (await send(path, parts, { body, key, version })) as Answer<P>;
      this.#keys.delete(what);
    } catch (found) {
      this.error = found;
    }
    this.busy = false;
    await this.done().catch((found: unknown) => (this.error ??= found));
    return answer;
  }
}
