/** Who is there, and what she may do. */
import { get, onGone, post, Refused, remember, remove, type Schema } from "./http";

type There = Schema["ThereOut"];

const who = $state<{ there: There | null; gone: boolean; asked: boolean }>({ there: null, gone: false, asked: false });

/** Who is there, or was until her session ended; null where nobody is known. */
export const there = (): There | null => who.there;
export const actor = (): Schema["ActorOut"] | null => who.there?.actor ?? null;
export const asked = (): boolean => who.asked;
/** Her session has ended by itself: what she had open waits for her, behind the door. */
export const gone = (): boolean => who.gone;
export const inside = (): boolean =>
  who.there !== null && !who.gone && !who.there.locked && !who.there.must_change_password && who.there.actor !== null;
/** Who in which role: what is open belongs to it and is shown to nobody else. */
export const whose = (): string | null => {
  const acts = actor();
  return acts === null ? null : [who.there!.user_id, acts.role, acts.organisation_id].join(" ");
};

/** Ask the server who is there; nobody is an answer too. In the background it keeps no screen open. */
export async function look(background = false): Promise<void> {
  try {
    who.there = await get("/session", {}, {}, { background });
    who.gone = false;
    remember(who.there.csrf ?? "");
  } catch (error) {
    const answered = error instanceof Refused && error.status !== 0;
    const ended = answered && error.status === 401;
    if (!answered || (!ended && who.there !== null)) throw error;
    who.gone = who.there !== null;
  } finally {
    who.asked = true;
  }
}

/** The role in which she acted last, where it is she who comes back. */
function sameRole(login: string): string | undefined {
  const before = login === who.there?.login ? actor() : null;
  return who.there?.roles.find((one) => one.role === before?.role && one.organisation_id === before.organisation_id)
    ?.grant_id;
}

export async function signIn(login: string, password: string): Promise<void> {
  const grant = sameRole(login);
  const opened = await post("/session", {}, { body: { login, password, ...(grant ? { grant_id: grant } : {}) } });
  // What somebody else has open goes before anything can be sent in the name of who comes in.
  if (login.toLowerCase() !== who.there?.login) {
    who.there = null;
    who.gone = false;
  }
  remember(opened.csrf);
  await look();
}

export async function chooseRole(grant: string): Promise<void> {
  const opened = await post("/session/role", {}, { body: { grant_id: grant } });
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
  try {
    await remove("/session");
  } catch (error) {
    // One that has ended already needs no end; while the line is cut it stays open, and that is said.
    if (!(error instanceof Refused) || error.status !== 401) throw error;
  }
  who.there = null;
  who.gone = false;
}

let looking = false;
onGone(() => {
  // One look for all the calls that were refused together; the form that is open stays.
  if (looking || !who.there || who.gone || who.there.locked) return;
  looking = true;
  void look(true)
    .catch(() => undefined)
    .finally(() => (looking = false));
});
