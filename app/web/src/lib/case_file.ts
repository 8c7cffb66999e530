/** A case file: where it stands, and what a person has to do with it. */
import type { Schema } from "./http";

export type CaseFile = Schema["CaseFileOut"];
export type Actor = Schema["ActorOut"];

export const MANAGED = ["case_managed", "delivery_planned", "admitted_early"];
export const PREGNANT = [
  "registered",
  "screened_negative",
  "screened_positive",
  "referred_for_assessment",
  "assessed",
  ...MANAGED,
];
export const BORN = ["delivered", "postpartum"];
export const OPEN = [...PREGNANT, ...BORN];
export const LOST = "lost_to_follow_up";
export const DEAD = "maternal_death";
export const ASSESSES = ["county_clinician", "coordinator"];
export const TREATS = ["township", ...ASSESSES];
export const WRITES = [...TREATS, "mch_manager"];
const CHOOSES = ["responsible", "registered", "residence_county"];
export const IN_CHARGE = ["residence_county", "home_county"];

export const isOf = (file: CaseFile, capacities: string[]) => file.as_what.some((one) => capacities.includes(one));
/** Whoever only looks, through an emergency or a broken glass, writes nothing. */
export const writes = (file: CaseFile, actor: Actor) => WRITES.includes(actor.role) && file.as_what.length > 0;
export const isPregnant = (file: CaseFile) => PREGNANT.includes(file.status);
export const isBorn = (file: CaseFile) => BORN.includes(file.status);
export const when =
  (...statuses: string[]) =>
  (file: CaseFile, actor: Actor) =>
    writes(file, actor) && statuses.includes(file.status);

export const chooses = (file: CaseFile, actor: Actor) => writes(file, actor) && isOf(file, CHOOSES);
export const openHandover = (file: CaseFile) => file.handovers.find((one) => one.answer === null);

/** Planned visits that were neither held nor called off. */
export const planned = (file: CaseFile) =>
  file.visits.filter(
    (one) =>
      one.status === "planned" &&
      one.counts &&
      !file.visits.some((other) => other.plan_id === one.id && other.counts && ["held", "called_off"].includes(other.status)),
  );
/** With which act an entry of each kind is corrected. */
export const CORRECTS = {
  screenings: "screen",
  assessments: "assess",
  plans: "plan",
  visits: "visit",
  reports: "report",
  counselling: "counselling",
  deliveries: "deliver",
} as const;
export type EntryKind = keyof typeof CORRECTS;

export const mayCorrect = (kind: EntryKind, file: CaseFile, actor: Actor): boolean =>
  writes(file, actor) && (kind !== "assessments" || ASSESSES.includes(actor.role));

