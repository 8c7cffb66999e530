/** For which part of the province somebody answers, as what the codes of its divisions begin with. */
import type { Schema } from "./http";

const DIGITS: Record<string, number> = {
  county_duty_officer: 6,
  mch_manager: 6,
  prefecture_duty_officer: 4,
  province_duty_officer: 2,
};
const OF_KIND: Record<string, number> = { county_commission: 6, prefecture_commission: 4, province_commission: 2 };

/** What the codes of all divisions of somebody's area begin with; empty where she answers for none. */
export function areaOf(actor: Schema["ActorOut"] | null): string {
  if (!actor) return "";
  const digits = actor.role === "administrator" ? OF_KIND[actor.organisation_kind] : DIGITS[actor.role];
  return digits ? actor.division.slice(0, digits) : "";
}

/** Whether a facility of the province lies there; outside the province nobody answers for it. */
export const inArea = (one: Schema["FacilityOut"], area: string): boolean =>
  area !== "" && !one.out_of_province && one.county.startsWith(area);

/** Whether a code is that of a county: a prefecture ends in 00, the province in 0000. */
export const isCounty = (division: string): boolean => division.length === 6 && !division.endsWith("00");

/** Whether somebody speaks for a facility: her own, or one of her area. */
export function speaksFor(actor: Schema["ActorOut"] | null, one: Schema["FacilityOut"] | null): boolean {
  if (!actor || !one || ["analyst", "auditor", "ems120", "mch_manager"].includes(actor.role)) return false;
  return actor.facility_id === one.facility_id || (actor.facility_id === null && inArea(one, areaOf(actor)));
}
