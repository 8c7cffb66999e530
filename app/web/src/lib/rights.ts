/**
 * What somebody may do with a referral, by her role and by as what she sees it, so that the screen shows
 * no button that is refused. The server decides in the end (app/policies.py, app/referrals/sight.py).
 */
import type { Schema } from "./http";
import { facilities } from "./reference.svelte";

const TREATS = ["township", "county_clinician", "coordinator"];
const DUTY = ["county_duty_officer", "prefecture_duty_officer", "province_duty_officer"];
const ANSWERS = ["coordinator", "county_clinician"];

export const isDuty = (role: string | undefined): boolean => DUTY.includes(role ?? "");
export const treats = (role: string | undefined): boolean => TREATS.includes(role ?? "");
export const answers = (role: string | undefined): boolean => ANSWERS.includes(role ?? "");

export function rightsOf(referral: Schema["DossierOut"], actor: Schema["ActorOut"] | null) {
  const role = actor?.role;
  const as = (...capacities: string[]) => capacities.some((one) => referral.as_what.includes(one));
  const duty = isDuty(role);
  const sends = as("sender", "entered_for_sender");
  const acts = treats(role) || duty || role === "ems120";
  const outside = referral.destination !== null && !facilities().has(referral.destination);
  const hers = referral.destination !== null && referral.destination === actor?.facility_id;
  return {
    asks: acts && (sends || duty || as("coordinates")),
    cancels: acts && (sends || duty || as("responsible_county")),
    stays: acts && (sends || duty || as("coordinates")),
    closes:
      (acts || role === "mch_manager") && (sends || duty || as("accepted", "coordinates", "responsible_county")),
    brings: acts && (sends || duty || as("accepted", "transport", "coordinates")),
    receives: acts && (sends || duty || as("accepted", "transport", "coordinates", "offered")),
    writes: treats(role) && (sends || as("accepted", "transport")),
    /** Vital signs on the way are written by who drives, too. */
    observes: acts && (sends || duty || as("accepted", "transport")),
    reports: answers(role) && (as("accepted") || (as("sender") && outside)),
    /** Whether a word told in the name of the own house waits for its confirmation. */
    confirms: (what: string) => treats(role) && (what === "request" ? as("sender") : hers || as("accepted")),
  };
}

export type Rights = ReturnType<typeof rightsOf>;
