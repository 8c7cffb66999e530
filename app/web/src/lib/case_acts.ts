/** What may be done in a case file: by whom, when, and what is asked for. The server has the last word. */
import {
  ASSESSES,
  BORN,
  DEAD,
  IN_CHARGE,
  LOST,
  MANAGED,
  OPEN,
  PREGNANT,
  TREATS,
  chooses,
  isOf,
  isPregnant,
  openHandover,
  planned,
  when,
  writes,
  type Actor,
  type CaseFile,
} from "./case_file";
import type { Path } from "./http";
import { sentTime } from "./moments";

export type Said = Record<string, string | boolean | undefined>;
export type Body = Record<string, unknown>;

export interface Field {
  /** As the body has it; what is before a dot holds the rest. */
  name: string;
  kind: "words" | "line" | "day" | "moment" | "number" | "choice" | "yes_no" | "tick" | "facility" | "county" | "visit";
  /** Codes of a choice; their words are in a group of the name of the field, or in `group`. */
  values?: (file: CaseFile, actor: Actor) => readonly string[];
  group?: string;
  needed?: boolean | ((said: Said) => boolean);
  when?: (said: Said, file: CaseFile) => boolean;
}

export interface Act {
  name: string;
  path: Path;
  may: (file: CaseFile, actor: Actor) => boolean;
  /** None: it has a form of its own, or asks for nothing. */
  fields?: Field[];
  /** What the address names beside the file. */
  parts?: (file: CaseFile) => Record<string, string>;
  /** The body, where it is not just what was filled in. */
  body?: (body: Body, file: CaseFile) => Body;
  /** It reads no version of the file. */
  unversioned?: boolean;
  grave?: boolean;
}

const AT: Field = { name: "happened_at", kind: "moment" };
const ANTENATAL = ["antenatal", "scar_ultrasound", "placenta_imaging"];
const AFTER_BIRTH = ["postpartum", "day_42"];

const kindOf = (said: Said, file: CaseFile) =>
  planned(file).find((one) => one.id === said.plan_id)?.kind ?? said.kind;
const isHeld = (said: Said) => said.status === "held";

function reportKinds(file: CaseFile): string[] {
  const review = isOf(file, IN_CHARGE);
  if (file.status === DEAD) return [DEAD, ...(review ? ["death_review"] : [])];
  const missed = file.reports.some((one) => one.kind === "near_miss");
  return [...(file.colour ? ["risk"] : []), "near_miss", ...(review && missed ? ["near_miss_review"] : [])];
}

/** Facts that a trial of labour asks for and the dictionary of emergencies has not. */
const TRIAL: Field[] = [
  { name: "trial.incision_type", kind: "choice", values: () => ["lower_transverse", "classical", "t_shaped", "lower_vertical"] },
  { name: "trial.incision_healed", kind: "yes_no" },
  { name: "trial.lower_segment_continuous", kind: "yes_no" },
  { name: "trial.trial_wished", kind: "yes_no" },
  { name: "trial.months_between_deliveries", kind: "number" },
  { name: "trial.estimated_weight_g", kind: "number" },
  { name: "trial.previous_indication_persists", kind: "yes_no" },
  { name: "trial.new_caesarean_indication", kind: "yes_no" },
  { name: "trial.myomectomy_into_cavity", kind: "yes_no" },
  { name: "trial.unsuited_for_vaginal_birth", kind: "yes_no" },
  { name: "trial.induction_by_drugs", kind: "yes_no" },
  { name: "trial.previous_vaginal_birth", kind: "yes_no" },
];

const VISIT: Field[] = [
  {
    name: "status",
    kind: "choice",
    group: "web.visit_status",
    needed: true,
    values: () => ["held", "planned", "missed", "contacted", "called_off"],
  },
  {
    name: "plan_id",
    kind: "visit",
    needed: (said) => !isHeld(said),
    when: (said) => said.status !== undefined && said.status !== "planned",
  },
  {
    name: "kind",
    kind: "choice",
    group: "web.visit",
    needed: true,
    values: (file) => (isPregnant(file) ? [...ANTENATAL, ...AFTER_BIRTH] : [...AFTER_BIRTH, ...ANTENATAL]),
    when: (said) => said.status === "planned" || (isHeld(said) && !said.plan_id),
  },
  { name: "planned_for", kind: "day", needed: true, when: (said) => said.status === "planned" },
  { name: "findings", kind: "words", needed: true, when: isHeld },
  {
    name: "contact",
    kind: "choice",
    needed: true,
    values: () => ["reached", "family_reached", "visited_at_home", "not_reached"],
    when: (said) => said.status === "contacted",
  },
  { name: "unstable", kind: "yes_no", when: (said, file) => isHeld(said) && kindOf(said, file) === "day_42" },
  { name: "changed", kind: "tick", when: isHeld },
  AT,
  ...TRIAL.map((one): Field => ({ ...one, when: (said, file) => isHeld(said) && isPregnant(file) })),
];

const wasRed = (file: CaseFile) => file.colours.some((one) => one.colour === "red");
const judges = (said: Said) => said.kind === "continuation";

const PLAN: Field[] = [
  {
    name: "kind",
    kind: "choice",
    group: "web.case.plan",
    needed: true,
    values: (file) => ["management", "treatment", "emergency", ...(wasRed(file) ? ["continuation"] : [])],
  },
  { name: "text", kind: "words", needed: true },
  { name: "made_with", kind: "facility", needed: judges },
  { name: "agreed_by", kind: "line", needed: true, when: (said) => said.made_with !== undefined },
  { name: "may_continue", kind: "yes_no", needed: true, when: judges },
  { name: "rank", kind: "choice", values: () => ["resident", "attending", "deputy_chief", "chief"], when: judges },
  { name: "woman_informed", kind: "tick", when: judges },
  AT,
];

export const ACTS: Act[] = [
  { name: "screen", path: "/case-files/{file_id}/screenings", may: when(...PREGNANT) },
  {
    name: "refer",
    path: "/case-files/{file_id}/assessment-referrals",
    may: when("screened_positive", "referred_for_assessment"),
    fields: [{ name: "facility_id", kind: "facility", needed: true }],
  },
  {
    name: "assess",
    path: "/case-files/{file_id}/assessments",
    may: (file, actor) => when(...OPEN)(file, actor) && ASSESSES.includes(actor.role) && file.status !== "registered",
  },
  {
    name: "downgrade",
    path: "/case-files/{file_id}/downgrades",
    may: (file, actor) =>
      when(...OPEN)(file, actor) &&
      ASSESSES.includes(actor.role) &&
      file.assessments.length > 0 &&
      (file.purple || (file.colour !== null && file.colour !== "green")),
    fields: [{ name: "because", kind: "words", needed: true }],
  },
  {
    name: "clinician",
    path: "/case-files/{file_id}/clinician",
    may: when(...OPEN),
    fields: [
      {
        name: "who",
        kind: "choice",
        needed: true,
        values: (file, actor) => [
          ...(TREATS.includes(actor.role) ? ["me"] : []),
          "colleague",
          ...(file.has_clinician ? ["nobody"] : []),
        ],
      },
      { name: "login", kind: "line", needed: true, when: (said) => said.who === "colleague" },
    ],
    body: ({ who, login }) => (who === "nobody" ? { nobody: true } : who === "colleague" ? { login } : {}),
  },
  { name: "plan", path: "/case-files/{file_id}/plans", may: when(...PREGNANT), fields: PLAN },
  {
    name: "visit",
    path: "/case-files/{file_id}/visits",
    may: when(...OPEN, LOST),
    fields: VISIT,
    body: (body, file) => ({
      ...body,
      ...(typeof body.plan_id === "string" ? { kind: kindOf({ plan_id: body.plan_id }, file) } : {}),
      ...(typeof body.findings === "string" ? { findings: { text: body.findings } } : {}),
    }),
  },
  {
    name: "counselling",
    path: "/case-files/{file_id}/counselling",
    may: when(...PREGNANT),
    fields: [
      { name: "subject", kind: "choice", needed: true, values: () => ["counselling", "prenatal_diagnosis"] },
      {
        name: "answer",
        kind: "choice",
        group: "web.case.counselling_answer",
        needed: true,
        values: () => ["accepted", "refused", "undecided"],
      },
      { name: "said", kind: "words", needed: true },
      AT,
    ],
  },
  {
    name: "lodging",
    path: "/case-files/{file_id}/lodging-answers",
    may: when(...PREGNANT),
    fields: [{ name: "answer", kind: "choice", group: "web.case.lodging_answer", needed: true, values: () => ["accepted", "refused"] }, AT],
    unversioned: true,
  },
  {
    name: "book",
    path: "/case-files/{file_id}/bookings",
    may: (file, actor) => chooses(file, actor) && MANAGED.includes(file.status),
    fields: [
      { name: "facility_id", kind: "facility", needed: true },
      { name: "come_by", kind: "day" },
      { name: "lodging", kind: "tick" },
      { name: "because", kind: "words", needed: true },
    ],
    unversioned: true,
  },
  { name: "admit", path: "/case-files/{file_id}/admission", may: when("case_managed", "delivery_planned"), fields: [] },
  {
    name: "go_home",
    path: "/case-files/{file_id}/admission-end",
    may: when("admitted_early"),
    fields: [{ name: "come_by", kind: "day" }],
  },
  { name: "deliver", path: "/case-files/{file_id}/deliveries", may: when(...PREGNANT) },
  {
    name: "discharge",
    path: "/case-files/{file_id}/discharge",
    may: (file, actor) => when(...BORN)(file, actor) && file.discharged_at === null,
    fields: [AT],
  },
  {
    name: "report",
    path: "/case-files/{file_id}/reports",
    may: (file, actor) => writes(file, actor) && reportKinds(file).length > 0,
    fields: [
      { name: "kind", kind: "choice", group: "web.case.report", needed: true, values: reportKinds },
      { name: "content", kind: "words", needed: true },
      AT,
    ],
  },
  {
    name: "hand_over",
    path: "/case-files/{file_id}/handovers",
    may: (file, actor) => when(...OPEN)(file, actor) && !openHandover(file),
    fields: [
      { name: "to_county", kind: "county", needed: true },
      { name: "note", kind: "words" },
    ],
  },
  {
    name: "answer_handover",
    path: "/case-files/{file_id}/handovers/{handover_id}/answer",
    may: (file, actor) => writes(file, actor) && openHandover(file) !== undefined,
    parts: (file) => ({ handover_id: openHandover(file)?.id ?? "" }),
    fields: [
      {
        name: "answer",
        kind: "choice",
        group: "web.case.handover_answer",
        needed: true,
        values: (file) => (file.as_what.includes("offered_county") ? ["accepted", "declined"] : ["withdrawn"]),
      },
      { name: "reason", kind: "words", needed: true, when: (said) => said.answer === "declined" },
    ],
  },
  {
    name: "verify",
    path: "/case-files/{file_id}/verification",
    may: (file, actor) =>
      actor.role === "mch_manager" &&
      isOf(file, IN_CHARGE) &&
      file.home_county !== file.residence_county &&
      !file.verified_by.includes(actor.division),
    fields: [],
  },
  { name: "close", path: "/case-files/{file_id}/close", may: when("postpartum"), fields: [] },
  { name: "take_up", path: "/case-files/{file_id}/return", may: when(LOST), fields: [] },
  {
    name: "end",
    path: "/case-files/{file_id}/end",
    may: when(...OPEN),
    fields: [
      {
        name: "how",
        kind: "choice",
        group: "web.file_status",
        needed: true,
        values: (file) => [...(isPregnant(file) ? ["pregnancy_lost", "terminated"] : []), DEAD, "moved_away", LOST],
      },
      { name: "because", kind: "words", needed: true },
    ],
    grave: true,
  },
];

export const actOf = (name: string): Act => ACTS.find((one) => one.name === name)!;

/** Which acts are offered of a file as it stands. */
export const offered = (file: CaseFile, actor: Actor): Act[] => ACTS.filter((one) => one.may(file, actor));

/** The body that was filled in: fields that are asked for now and were answered. */
export function bodyOf(act: Act, said: Said, file: CaseFile): Body {
  const body: Body = {};
  for (const field of shownFields(act, said, file)) {
    const value = said[field.name];
    if (value === undefined || value === "" || (field.kind === "tick" && value === false)) continue;
    const filled =
      field.kind === "moment" ? sentTime(String(value)) : field.kind === "number" ? Number(value) : value;
    const [first, rest] = field.name.split(".") as [string, string?];
    if (rest) body[first] = { ...(body[first] as Body | undefined), [rest]: filled };
    else body[first] = filled;
  }
  return act.body ? act.body(body, file) : body;
}

export const shownFields = (act: Act, said: Said, file: CaseFile): Field[] =>
  (act.fields ?? []).filter((field) => field.when?.(said, file) ?? true);

export const isNeeded = (field: Field, said: Said): boolean =>
  typeof field.needed === "function" ? field.needed(said) : field.needed === true;

export const complete = (act: Act, said: Said, file: CaseFile): boolean =>
  shownFields(act, said, file).every((field) => !isNeeded(field, said) || (said[field.name] ?? "") !== "");
