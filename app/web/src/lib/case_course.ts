/** What happened in a case file, put into words, the last first. */
import type { CaseFile, EntryKind } from "./case_file";
import type { Schema } from "./http";
import { division, facility, factSaid, facts, organisation, ruleName } from "./reference.svelte";
import { code, moment, t } from "./words.svelte";

type Pair = [label: string, value: string];

export interface Happened {
  key: string;
  at: string;
  title: string;
  colour?: { colour: string | null; purple: boolean };
  pairs: Pair[];
  /** Of an entry: which kind, and whether it counts or was corrected. */
  entry?: { kind: EntryKind; id: string; counts: boolean; by: string; enteredAt: string };
  link?: string;
}
type Entry = Pick<Schema["CaseScreeningOut"], "id" | "happened_at" | "entered_at" | "by_org" | "counts">;

const pair = (label: string, value: string | number | boolean | null | undefined): Pair[] => {
  if (value === null || value === undefined || value === "") return [];
  const said = typeof value === "boolean" ? t(value ? "tri.yes" : "tri.no") : String(value);
  return [[t(`web.case.field.${label}`), said]];
};
const rules = (label: string, list: readonly string[]): Pair[] =>
  list.length ? [[t(`web.case.field.${label}`), list.map((one) => ruleName(one)).join("; ")]] : [];
const said = (label: string, found: unknown): Pair[] => {
  const pairs = Object.entries((found ?? {}) as Record<string, unknown>);
  return pairs.length ? [[t(`web.case.field.${label}`), pairs.map(([name, value]) => factOf(name, value)).join("; ")]] : [];
};

/** Facts of a trial of labour are not in the dictionary of emergencies. */
export function trialName(name: string): string {
  return facts().has(name) ? factSaid(name, true) : code("web.case.trial", name);
}
function factOf(name: string, value: unknown): string {
  if (facts().has(name)) return factSaid(name, value);
  const words = typeof value === "boolean" ? t(value ? "tri.yes" : "tri.no") : code(`web.case.${name}`, String(value));
  return `${trialName(name)}: ${words}`;
}

function entries<One extends Entry>(
  kind: EntryKind,
  list: readonly One[],
  told: (one: One) => Pick<Happened, "title" | "pairs" | "colour">,
): Happened[] {
  return list.map((one) => ({
    key: one.id,
    at: one.happened_at,
    entry: { kind, id: one.id, counts: one.counts, by: organisation(one.by_org), enteredAt: one.entered_at },
    ...told(one),
  }));
}

const reasonOf = (reason: string | null) => (reason === null ? null : code("web.case.event_reason", reason));
/** What was written at a visit; what another system said comes with facts of its own. */
const written = (found: Record<string, unknown> | null): Pair[] =>
  Object.entries(found ?? {}).flatMap(([name, value]) => {
    if (name === "facts" || name === "trial") return said(name === "facts" ? "facts" : "trial", value);
    return typeof value === "string" ? pair("findings", value) : [];
  });

function colours(file: CaseFile): Happened[] {
  const rank = (colour: string | undefined) => ["green", "yellow", "orange", "red"].indexOf(colour ?? "");
  return file.colours.map((one, number) => {
    const before = file.colours[number - 1];
    const lower = rank(one.colour) < rank(before?.colour) || (before?.purple === true && !one.purple);
    const way = before === undefined ? "first" : lower ? "lowered" : "raised";
    return {
      key: `colour-${number}`,
      at: one.at,
      title: t("web.case.colour_step", { what: code("web.case.outcome", way) }),
      colour: { colour: one.colour, purple: one.purple },
      pairs: [
        ...(one.named ? pair("named", t("web.case.named")) : []),
        ...(one.reason ? pair("because", ruleName(one.reason)) : []),
      ],
    };
  });
}

function handedOver(file: CaseFile): Happened[] {
  return file.handovers.flatMap((one) => {
    const between = { from: division(one.from_county), to: division(one.to_county) };
    const offer = { key: one.id, at: one.offered_at, title: t("web.case.offered", between), pairs: pair("note", one.note) };
    if (one.answer === null || one.answered_at === null) return [offer];
    const title = `${t("web.case.handover", between)}: ${code("web.case.handover_answer", one.answer)}`;
    return [offer, { key: `${one.id}-answer`, at: one.answered_at, title, pairs: pair("reason", one.reason) }];
  });
}

function booked(bookings: readonly Schema["BookingOut"][]): Happened[] {
  return bookings.flatMap((one) => {
    const what = { name: facility(one.facility_id) };
    const steps: [string | null, string][] = [
      [one.asked_at, "web.case.booking_asked"],
      [one.booked_at, "web.case.booking_booked"],
      [one.confirmed_at, "web.case.booking_confirmed"],
    ];
    return steps.flatMap(([at, key]) => (at ? [{ key: `${one.id}-${key}`, at, title: t(key, what), pairs: [] }] : []));
  });
}

export function courseOf(file: CaseFile, bookings: readonly Schema["BookingOut"][]): Happened[] {
  const found: Happened[] = [
    ...file.events.map((one, number) => ({
      key: `event-${number}`,
      at: one.at,
      title: code("web.file_status", one.status),
      pairs: one.reason === one.status ? [] : pair("because", reasonOf(one.reason)),
    })),
    ...colours(file),
    ...entries("screenings", file.screenings, (one) => ({
      title: [
        t("web.case.screened", { what: code("web.case.screening", one.result) }),
        ...(one.contradicted.length ? [t("web.case.contradicted", { n: one.contradicted.length })] : []),
      ].join(" · "),
      pairs: [...rules("found", one.found), ...rules("contradicted", one.contradicted), ...rules("left_open", one.left_open)],
    })),
    ...entries("assessments", file.assessments, (one) => ({
      title: t(one.is_full ? "web.files.assessed" : "web.files.assessed_part"),
      colour: { colour: one.colour || null, purple: one.purple },
      pairs: [
        ...rules("conditions", one.conditions),
        ...said("facts", one.facts),
        ...rules("undetermined", one.undetermined),
        ...rules("ruled_out", one.ruled_out),
        ...pair("assessor", one.assessor),
        ...pair("rule_set", one.rule_set),
      ],
    })),
    ...entries("plans", file.plans, (one) => ({
      title: code("web.case.plan", one.kind),
      pairs: [
        ...pair("may_continue", one.may_continue),
        ...pair("text", one.text),
        ...(one.made_with ? pair("made_with", organisation(one.made_with)) : []),
        ...pair("agreed_by", one.agreed_by),
        ...(one.rank ? pair("rank", code("web.case.rank", one.rank)) : []),
        ...pair("woman_informed", one.woman_informed),
      ],
    })),
    ...entries("visits", file.visits, (one) => ({
      title: `${code("web.visit", one.kind)} ${code("web.visit_status", one.status)}`,
      pairs: [
        ...pair("planned_for", one.planned_for),
        ...written(one.findings),
        ...(one.contact ? pair("contact", code("web.case.contact", one.contact)) : []),
        ...pair("unstable", one.unstable),
        ...(one.changed ? pair("changed", true) : []),
      ],
    })),
    ...entries("reports", file.reports, (one) => ({
      title: t("web.case.reported", { what: code("web.case.report", one.kind), to: organisation(one.to_org) }),
      pairs: pair("content", one.content),
    })),
    ...entries("counselling", file.counselling, (one) => ({
      title: `${code("web.case.subject", one.subject)}: ${code("web.case.counselling_answer", one.answer)}`,
      pairs: pair("said", one.said),
    })),
    ...entries("deliveries", file.deliveries, (one) => ({
      title: t("web.case.delivered", { mode: code("web.case.mode", one.mode), live: one.live_born, still: one.stillborn }),
      pairs: [
        ...pair("born_where", one.facility_id ? facility(one.facility_id) : one.elsewhere),
        ...pair("trial_of_labour", one.trial_of_labour),
        ...pair("ruptured", one.ruptured),
      ],
    })),
    ...file.clinicians.map((one, number) => ({
      key: `turn-${number}`,
      at: one.from_at,
      title: t("web.case.turn", { name: one.name ?? t("units.unknown"), org: organisation(one.org_id) }),
      pairs: one.to_at ? pair("until", moment(one.to_at)) : [],
    })),
    ...handedOver(file),
    ...booked(bookings),
    ...file.referred.map((one) => ({
      key: `referral-${one.referral_id}`,
      at: one.at,
      title: t(one.newborn_id ? "web.case.newborn_referred" : "web.case.referred"),
      pairs: [],
      link: `#/referral/${one.referral_id}`,
    })),
    ...(file.discharged_at
      ? [{ key: "discharged", at: file.discharged_at, title: t("web.case.discharged"), pairs: [] }]
      : []),
  ];
  return found.sort((a, b) => b.at.localeCompare(a.at));
}
