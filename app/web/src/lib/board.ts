/** The rows of the board: what they are made of, their order, and which of them a filter leaves. */
import type { Schema } from "./http";

/** What a row waits for, the most pressing first: who waits for an answer stands above who has one. */
export const STANDINGS = ["asks", "job", "open", "accepted", "way", "arrived"] as const;
export type Standing = (typeof STANDINGS)[number];

export interface BoardRow {
  referral: string;
  number: string;
  colour: string | null;
  purple: boolean;
  priority: number;
  kind: string;
  drill: boolean;
  mine: boolean;
  overdue: boolean;
  since: string;
  /** Since when somebody has said yes: nobody waits for an answer any more then. */
  accepted: string | null;
  stands: Standing;
  /** As it stands in the worklist; null of a question whose referral is not in sight. */
  line: Schema["WorklistLineOut"] | null;
  /** A question to the own centre that waits for its answer. */
  offer: Schema["OfferOut"] | null;
}

/** Within a group one of the words has to fit, of every group that is named. */
export const GROUPS: readonly (readonly string[])[] = [
  ["red", "orange", "yellow", "green", "open"],
  ["maternal", "newborn"],
  ["mine"],
  ["overdue"],
  ["waiting"],
  ["real", "drill"],
];
const WORDS = GROUPS.flat();
const LOOKING = ["requested", "matched", "offered"];
/** A colour that is still open stands before those that are known to be low. */
const ORDER = ["red", "orange", "open", "yellow", "green"];

/** The words of a filter, as the address holds them: `red.overdue`; what is none of them is left out. */
export function filterOf(step: string | undefined): string[] {
  return (step ?? "").split(".").filter((word) => WORDS.includes(word));
}

export const stepOf = (words: string[]): string => words.join(".") || "all";

function says(row: BoardRow, word: string): boolean {
  if (word === "mine") return row.mine;
  if (word === "overdue") return row.overdue;
  if (word === "waiting") return row.offer !== null || LOOKING.includes(row.line?.status ?? "");
  if (word === "drill") return row.drill;
  if (word === "real") return !row.drill;
  return word === row.kind || word === (row.colour ?? "open");
}

export function fits(row: BoardRow, words: string[]): boolean {
  return GROUPS.every((group) => {
    const wanted = group.filter((word) => words.includes(word));
    return !wanted.length || wanted.some((word) => says(row, word));
  });
}

/** What waits for the own answer first; then the most urgent, then by colour, then who waits longest. */
export function inOrder(a: BoardRow, b: BoardRow): number {
  const colour = (row: BoardRow) => ORDER.indexOf(row.colour ?? "open");
  const stands = (row: BoardRow) => STANDINGS.indexOf(row.stands);
  return stands(a) - stands(b) || a.priority - b.priority || colour(a) - colour(b) || a.since.localeCompare(b.since);
}

/** The rows of each standing that has any, in order. */
export function grouped(rows: BoardRow[]): { stands: Standing; rows: BoardRow[] }[] {
  return STANDINGS.map((stands) => ({ stands, rows: rows.filter((row) => row.stands === stands) })).filter(
    (group) => group.rows.length,
  );
}

type Line = Schema["WorklistLineOut"];
const ENDS = ["handed_over", "outcome_reported"];
/** What is next once she is at the door, before anybody has taken her over. */
const AT_THE_DOOR = ["hand_over", "complete_handover", "confirm_arrival", "confirm_hand_over"];

/** Where she is, by the line: nothing says more of the journey than what is next. */
export function courseOf(line: Line): "looking" | "accepted" | "way" | "arrived" {
  if (ENDS.includes(line.status)) return "arrived";
  if (line.status !== "accepted") return "looking";
  if (line.under_way) return "way";
  return AT_THE_DOOR.includes(line.next_step ?? "") ? "arrived" : "accepted";
}

/** When the step that is next fell due, where it is due again by now; null where it has not been. */
export function fellDue(line: Schema["ReferralLineOut"]): string | null {
  return line.fell_due.find((one) => one.step === line.next_step)?.at ?? null;
}

/** Somebody is to be driven and has not left. */
export const isJob = (line: Line): boolean => line.why === "brings" && ["looking", "accepted"].includes(courseOf(line));

export const isLate = (line: Line): boolean => line.overdue || fellDue(line) !== null;

/** What is written of somebody who is in good hands; late for days, it must not cry over who waits. */
const PAPERS = ["outcome", "close", "complete_handover"];
/** Somebody may lie unseen: it stands on top and rings. */
export const presses = (line: Line): boolean =>
  isLate(line) && !(ENDS.includes(line.status) && PAPERS.includes(line.next_step ?? ""));

function standingOf(line: Line, asks: boolean): Standing {
  if (asks) return "asks";
  if (isJob(line)) return "job";
  const course = courseOf(line);
  return course === "looking" || (line.why === "owner" && presses(line)) ? "open" : course;
}

/** A green that is not complete is no colour yet. */
export function colourOf(offer: Schema["OfferOut"]): string | null {
  const { colour, incomplete } = offer.assessment;
  return typeof colour !== "string" || (colour === "green" && incomplete === true) ? null : colour;
}

export interface Place {
  kind: string;
  free?: number | null;
  trust?: string;
}
export const placesOf = (offer: Schema["OfferOut"]): Place[] => offer.places as unknown as Place[];

export function rowsOf(list: Schema["WorklistOut"]): BoardRow[] {
  const asked = new Map(
    list.offers.filter((one) => one.yours).map((offer) => [offer.referral_id, offer] as const),
  );
  const rows: BoardRow[] = list.referrals.map((line) => {
    const offer = asked.get(line.id) ?? null;
    asked.delete(line.id);
    return {
      referral: line.id,
      number: line.number,
      colour: line.colour,
      purple: offer?.assessment.purple === true,
      priority: line.priority,
      kind: line.patient_kind,
      drill: line.drill,
      mine: line.yours,
      overdue: isLate(line) || (offer?.overdue ?? false),
      since: line.requested_at,
      accepted: line.accepted_at,
      stands: standingOf(line, offer !== null),
      line,
      offer,
    };
  });
  // A question is never hidden, whatever else is in sight.
  for (const offer of asked.values())
    rows.push({
      referral: offer.referral_id,
      number: offer.number,
      colour: colourOf(offer),
      purple: offer.assessment.purple === true,
      priority: offer.priority,
      kind: offer.patient_kind,
      drill: offer.drill,
      mine: true,
      overdue: offer.overdue,
      since: offer.asked_at,
      accepted: null,
      stands: "asks",
      line: null,
      offer,
    });
  return rows.sort(inOrder);
}
