/** Whom to ring when the line is down: kept of the last answer, without anything of a patient. */
import { get, post, type Schema } from "./http";
import { facilities } from "./reference.svelte";
import type { Named } from "./words.svelte";

type Kind = "maternal" | "newborn";
interface Call extends Named {
  minutes: number;
  phone: string | null;
}
interface Kept {
  at: string;
  calls: Record<Kind, Call[]>;
}

const KEPT = "greenchannel.ring";
const SEVERAL = 5;
const FRESH_MS = 6 * 3_600_000;
const CRITICAL: Record<Kind, string> = {
  maternal: "clinician_says_critical",
  newborn: "clinician_says_critical_newborn",
};

export function ringList(): Kept | null {
  const text = localStorage.getItem(KEPT);
  return text ? (JSON.parse(text) as Kept) : null;
}

/** Ask for the first centres of somebody critical from here, unless that was done a moment ago. */
export async function keepRingList(origin: { facility_id: string } | { adcode: string }): Promise<void> {
  const there = ringList();
  if (there && Date.now() - Date.parse(there.at) < FRESH_MS) return;
  const [maternal, newborn] = await Promise.all([calls("maternal", origin), calls("newborn", origin)]);
  const { now } = await get("/status");
  localStorage.setItem(KEPT, JSON.stringify({ at: now, calls: { maternal, newborn } } satisfies Kept));
}

async function calls(patient: Kind, origin: unknown): Promise<Call[]> {
  const found = await post("/recommendations", {}, { body: { patient, facts: { [CRITICAL[patient]]: true }, origin } });
  return found.ranking.slice(0, SEVERAL).map((row: Schema["RankedOut"]) => ({
    name_zh: row.name_zh,
    name_en: facilities().get(row.facility_id)?.name_en ?? "",
    minutes: row.minutes.expected,
    phone: found.ring?.find((one) => one.facility_id === row.facility_id)?.phone ?? row.phone,
  }));
}
