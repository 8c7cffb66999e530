/** Ways that name a hospital which is no destination and may save her life on the way. */
import type { Schema } from "./http";
import { code, t } from "./words.svelte";

export const STOPS = ["nearest_life_saving", "stop_on_the_way"];
const ADDS_NOTHING = "adds_nothing";

/** Why a facility is not ranked; one that is offered as a stop is not said to be of no help. */
export function whyNot(one: Schema["ExcludedOut"], ways: readonly Schema["AlternativeOut"][]): string {
  const stop = ways.some((way) => STOPS.includes(way.kind) && way.facility_id === one.facility_id);
  const codes = one.reasons.map((reason) => reason.code);
  const said = codes.filter((reason) => !(stop && reason === ADDS_NOTHING)).map((reason) => code("reasons", reason));
  if (stop) said.push(t(codes.includes(ADDS_NOTHING) ? "answer.no_end_but_stop" : "answer.may_stop"));
  return said.join(t("units.comma"));
}
