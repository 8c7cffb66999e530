/** The request that is being written. It stays in this tab until it is sent or she leaves. */
import { serverTime } from "./clock";
import { newKey, type Schema } from "./http";

export type FactValue = boolean | number | string;

export interface Draft {
  patient: "maternal" | "newborn";
  facts: Record<string, FactValue>;
  vehicle: boolean | null;
  escort: string[] | null;
  /** Minutes since the transfer was decided; empty: now. */
  minutesSince: number | null;
  /** Who she is on record, and where her birth is booked, of a request that comes from her file. */
  patientId: string | null;
  homeCounty: string | null;
  bookedAt: string | null;
  /** An exercise, and never of a real patient. */
  drill: boolean;
  /** The printed form that it is entered from, and when it was filled in. */
  form: { number: string; happened_at: string } | null;
  /** The same until something is changed: sent twice, it is one request. */
  key: string;
  /** What was sent and got no answer: sent again as it was until one comes, times included. */
  sent: unknown;
}

const KEPT = "greenchannel.draft";
const OWNER = "greenchannel.owner";

function empty(): Draft {
  return {
    patient: "maternal",
    facts: {},
    vehicle: null,
    escort: null,
    minutesSince: null,
    patientId: null,
    homeCounty: null,
    bookedAt: null,
    drill: false,
    form: null,
    key: newKey(),
    sent: null,
  };
}

function kept(): Draft {
  const text = sessionStorage.getItem(KEPT);
  return { ...empty(), ...(text ? (JSON.parse(text) as Partial<Draft>) : {}) };
}

const draft = $state<Draft>(kept());

export const current = (): Draft => draft;

function keep(): void {
  sessionStorage.setItem(KEPT, JSON.stringify(draft));
}

export function change(by: Partial<Omit<Draft, "key" | "sent">>): void {
  Object.assign(draft, by, { key: newKey(), sent: null });
  keep();
}

/** Note that it was sent and nobody knows whether it came through. */
export function wait(sent: unknown): void {
  draft.sent = sent;
  keep();
}

/** Send it no more by itself: it was refused in so many words, and stands there to be corrected. */
export function giveUp(): void {
  draft.sent = null;
  keep();
}

/** State a fact; undefined is unknown, which is never "no" and never "normal". */
export function state(name: string, value: FactValue | undefined): void {
  if (value === undefined) delete draft.facts[name];
  else draft.facts[name] = value;
  change({});
}

export function forget(): void {
  Object.assign(draft, empty());
  sessionStorage.removeItem(KEPT);
}

/** Say whose the request is from now on; what somebody else began in this tab goes unseen. True: it was another's. */
export function belongsTo(user: string): boolean {
  const owner = sessionStorage.getItem(OWNER);
  const another = owner !== null && owner !== user;
  if (another) forget();
  sessionStorage.setItem(OWNER, user);
  return another;
}

/** Begin an emergency request with what the file of a woman says of her and is not old. */
export function begin(from: Schema["ReferralDraftOut"]): void {
  forget();
  const request = from.request as { facts?: Record<string, FactValue> };
  change({
    patient: "maternal",
    facts: { ...request.facts },
    patientId: from.patient_id,
    homeCounty: from.home_county,
    bookedAt: from.booked_facility_id,
  });
}

/** What is sent beside the document: on whose record the request is, and what it was begun from. */
export function whoseOf(): Partial<Pick<Schema["ReferralIn"], "patient_id" | "home_county" | "drill" | "form">> {
  return {
    ...(draft.drill ? { drill: true } : {}),
    ...(draft.form ? { form: { ...draft.form } } : {}),
    ...(draft.patientId ? { patient_id: draft.patientId } : {}),
    ...(draft.homeCounty ? { home_county: draft.homeCounty } : {}),
  };
}

/** The document of a request, as POST /recommendations takes it. */
export function documentOf(facilityId: string | null, division: string) {
  const transport: { sender_vehicle?: boolean; sender_escort?: string[] } = {};
  if (draft.vehicle !== null) transport.sender_vehicle = draft.vehicle;
  if (draft.escort !== null) transport.sender_escort = [...draft.escort];
  return {
    patient: draft.patient,
    facts: { ...draft.facts },
    origin: facilityId ? { facility_id: facilityId } : { adcode: division },
    ...(facilityId ? { sender: { facility_id: facilityId } } : {}),
    ...(Object.keys(transport).length ? { transport } : {}),
    ...(draft.bookedAt ? { booked_facility_id: draft.bookedAt } : {}),
    ...(draft.minutesSince ? { decided_at: serverTime(draft.minutesSince) } : {}),
  };
}
