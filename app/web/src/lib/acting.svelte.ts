/** From the words of a step to where it is done: the part of a referral in full that has its button. */
import { tick } from "svelte";

const JOURNEY = ["depart_without_answer", "departure", "arrival", "hand_over", "vital_signs", "hold_ends"];
const WORDS = ["confirm_request", "confirm_acceptance", "confirm_arrival", "confirm_hand_over"];
const PAPERS = ["complete_handover", "outcome"];
const ENDS = ["close", "review_stay", "review_hold"];
const PARTS: Record<string, string[]> = { journey: JOURNEY, words: WORDS, papers: PAPERS, endings: ENDS, again: ["rank_again"] };

/** The part of the page; who looks for a destination rings, asks the next, or says who said yes. */
export const partOf = (step: string): string =>
  Object.keys(PARTS).find((part) => PARTS[part]!.includes(step)) ?? "asking";

const wishes = $state<{ referral: string | null }>({ referral: null });

/** Go to what is to be done as soon as a referral is open. */
export function wish(referral: string): void {
  wishes.referral = referral;
}

/** What was wished for, once; asked again where somebody wishes it of what is open already. */
export function wishedFor(referral: string): boolean {
  const mine = wishes.referral === referral;
  if (mine) wishes.referral = null;
  return mine;
}

/** Bring the part of a step into sight, with the focus on the first thing that can be done there. */
export async function goTo(step: string): Promise<void> {
  await tick();
  const part = document.getElementById(`act-${partOf(step)}`);
  part?.scrollIntoView({ block: "start" });
  part?.querySelector<HTMLElement>("button, a.button, input, select, summary")?.focus({ preventScroll: true });
}
