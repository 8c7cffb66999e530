/** The rows of the board: what they are made of, their order, and which of them a filter leaves. */
import type { Schema } from "./http";

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

/** The most urgent first, then by colour, then who waits longest. */
export function inOrder(a: BoardRow, b: BoardRow): number {
  const colour = (row: BoardRow) => ORDER.indexOf(row.colour ?? "open");
  return a.priority - b.priority || colour(a) - colour(b) || a.since.localeCompare(b.since);
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
      overdue: line.overdue || (offer?.overdue ?? false),
      since: line.requested_at,
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
      line: null,
      offer,
    });
  return rows.sort(inOrder);
}
