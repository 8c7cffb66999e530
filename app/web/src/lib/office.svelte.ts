/** What the screens of administrators, auditors and commissions read alike. */
import { get, type Schema } from "./http";

export type Organisation = Schema["OrganisationOut"];
interface Page<One> {
  items: readonly One[];
  next?: string | null;
}

/** All pages of a list, one after the other. */
export async function everyPage<One>(read: (query: Record<string, string>) => Promise<Page<One>>): Promise<One[]> {
  const all: One[] = [];
  let cursor = "";
  do {
    const page = await read({ limit: "500", ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor);
  return all;
}

/** How the installation is; null where only the inside of the house may ask. */
export async function statusz(): Promise<Schema["StatuszOut"] | null> {
  try {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
    const answered = await fetch("/statusz", { headers, cache: "no-store" });
    return answered.ok ? ((await answered.json()) as Schema["StatuszOut"]) : null;
  } catch {
    return null;
  }
}

const known = $state<{ all: Organisation[] }>({ all: [] });

/** Read the organisations; their names change seldom, so a screen reads them once when it opens. */
export async function organisationsReady(): Promise<void> {
  known.all = await everyPage((query) => get("/organisations", {}, query));
}
export const organisations = (): Organisation[] => known.all;
export const organisation = (key: string | null): string =>
  known.all.find((one) => one.id === key)?.name_zh ?? "";

/** Which kinds of organisation a role is held in, as the server has it (R-ROLE-01). */
const HOSPITALS = ["institution", "mch"];
const COMMISSIONS = ["county_commission", "prefecture_commission", "province_commission"];
export const HELD_IN: Record<Schema["Role"], string[]> = {
  township: ["institution"],
  county_clinician: HOSPITALS,
  mch_manager: ["mch"],
  coordinator: HOSPITALS,
  county_duty_officer: ["county_commission"],
  prefecture_duty_officer: ["prefecture_commission"],
  province_duty_officer: ["province_commission"],
  ems120: ["ems120"],
  analyst: COMMISSIONS,
  administrator: [...HOSPITALS, ...COMMISSIONS],
  auditor: [...HOSPITALS, ...COMMISSIONS],
};
const DIGITS: Record<string, number> = { county_commission: 6, prefecture_commission: 4, province_commission: 2 };
/** Whether a division lies in the area of the commission for which somebody acts; false for others. */
export function above(actor: Schema["ActorOut"] | null, division: string): boolean {
  const digits = DIGITS[actor?.organisation_kind ?? ""];
  return digits !== undefined && division.startsWith(actor!.division.slice(0, digits));
}
/** Which of them this administrator keeps: her own, or those of the area of her commission. */
export const keeps = (actor: Schema["ActorOut"] | null, one: Organisation): boolean =>
  above(actor, one.division) || one.id === actor?.organisation_id;
