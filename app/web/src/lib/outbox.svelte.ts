/** The request that did not get through: sent again, in the same words and under the same key, until it does. */
import { current, forget, giveUp, wait } from "./draft.svelte";
import { post, Refused } from "./http";
import { go, steps } from "./route.svelte";
import { inside, look } from "./session.svelte";

const AGAIN_MS = 3_000;
/** Not stored, or nobody knows: not reached, nobody signed in any more, too busy, or a gateway between. */
const AGAIN = [0, 401, 429, 502, 503, 504];

const box = $state<{ sent: { id: string; number: string } | null; error: unknown }>({ sent: null, error: null });

/** What has got through since, from a screen that is not open any more. */
export const sent = () => box.sent;
export const refusal = () => box.error;
export function seen(): void {
  box.sent = null;
  box.error = null;
}

/** Send a request; where it did not get through it waits, and is sent again by itself. */
export async function deliver(body: unknown): Promise<void> {
  const { key } = current();
  try {
    const made = await post("/referrals", {}, { body, key });
    forget();
    if (steps()[0] === "new" || steps().length === 0) go(`referral/${made.id}`);
    else box.sent = { id: made.id, number: made.number };
  } catch (refused) {
    if (refused instanceof Refused && AGAIN.includes(refused.status)) wait(body);
    else giveUp();
    throw refused;
  }
}

let busy = false;

async function again(): Promise<void> {
  const { sent: body } = current();
  if (body === null || busy) return;
  busy = true;
  try {
    if (!inside()) await look(true);
    if (inside()) await deliver(body);
    box.error = null;
  } catch (refused) {
    // What waits on is shown as waiting; what was refused for good is shown as refused.
    if (current().sent === null) box.error = refused;
  } finally {
    busy = false;
  }
}

/** Look after what waits, wherever she is in the application. */
export function keepSending(): () => void {
  // The browser's own word that the line is back comes late or never: it is simply tried again.
  const timer = setInterval(() => void again(), AGAIN_MS);
  const seenAgain = () => document.visibilityState === "visible" && void again();
  document.addEventListener("visibilitychange", seenAgain);
  addEventListener("online", seenAgain);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seenAgain);
    removeEventListener("online", seenAgain);
  };
}
