/** Who is there, and what she may do. */
import { get, onGone, post, Refused, remember, remove, type Schema } from "./http";

type There = Schema["ThereOut"];

const who = $state<{ there: There | null; asked: boolean }>({ there: null, asked: false });

export const there = (): There | null => who.there;
export const actor = (): Schema["ActorOut"] | null => who.there?.actor ?? null;
export const asked = (): boolean => who.asked;

/** Ask the server who is there; nobody is an answer too. */
export async function look(): Promise<void> {
  try {
    who.there = await get("/session");
    remember(who.there.csrf ?? "");
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 0) throw error;
    who.there = null;
  } finally {
    who.asked = true;
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  const opened = await post("/session", {}, { body: { login, password } });
  remember(opened.csrf);
  await look();
}

export async function unlock(password: string): Promise<void> {
  who.there = await post("/session/unlock", {}, { body: { password } });
  remember(who.there.csrf ?? "");
}

export async function changePassword(old: string, fresh: string): Promise<void> {
  const opened = await post("/password", {}, { body: { old, new: fresh } });
  remember(opened.csrf);
  await look();
}

export async function signOut(): Promise<void> {
  await remove("/session");
  who.there = null;
}

let looking = false;
onGone(() => {
  // One look for all the calls that were refused together; the form that is open stays.
  if (looking || !who.there) return;
  looking = true;
  void look().finally(() => (looking = false));
});
