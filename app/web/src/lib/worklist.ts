/** A worklist of which some referrals were read again. */
import type { Schema } from "./http";

type List = Schema["WorklistOut"];
type Line = Schema["WorklistLineOut"];

/** What is yours first, then the next deadline. */
function inOrder(a: Line, b: Line): number {
  const due = (one: Line) => one.deadline_at ?? "";
  return Number(b.yours) - Number(a.yours) || due(a).localeCompare(due(b)) || a.priority - b.priority;
}

/** The list with `part` in it: what was asked for and is not in `part` belongs to it no more. */
export function merged(list: List, part: List, asked: readonly string[]): List {
  const stays = list.referrals.filter((one) => !asked.includes(one.id));
  const open = list.offers.filter((one) => !asked.includes(one.referral_id));
  return {
    ...part,
    referrals: [...stays, ...part.referrals].sort(inOrder),
    offers: [...open, ...part.offers].sort((a, b) => Number(b.yours) - Number(a.yours)),
  };
}
