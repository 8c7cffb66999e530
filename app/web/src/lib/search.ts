/** Finding by words, and Chinese words by the first letters of their signs: 产后出血 by "chcx". */
import letters from "virtual:initials";

const LETTER = new Map<string, string>();
for (const [letter, signs] of Object.entries(letters)) for (const sign of signs) LETTER.set(sign, letter);
/** So few letters are somewhere in almost every name: they have to begin a word of it. */
const FEW = /^[a-z0-9]{1,2}$/;
const BETWEEN = /[^\p{L}\p{N}]+/u;
/** How well something fits; what does not is left out. */
const WHOLE = 0;
const BEGINS = 1;
const BEGINS_A_WORD = 2;
const INSIDE = 3;
const NOT = 4;

export function initialsOf(text: string): string {
  return [...text.toLowerCase()].map((sign) => LETTER.get(sign) ?? (/[a-z0-9]/.test(sign) ? sign : "")).join("");
}

function fitOf(sought: string, text: string): number {
  const words = text.toLowerCase();
  const letters = initialsOf(text);
  if (words === sought || letters === sought) return WHOLE;
  if (words.startsWith(sought) || letters.startsWith(sought)) return BEGINS;
  const parts = words.split(BETWEEN);
  if (parts.some((part) => part.startsWith(sought) || initialsOf(part).startsWith(sought))) return BEGINS_A_WORD;
  return !FEW.test(sought) && (words.includes(sought) || letters.includes(sought)) ? INSIDE : NOT;
}

function fit(wanted: string, texts: readonly string[]): number {
  const sought = wanted.trim().toLowerCase();
  return sought ? Math.min(NOT, ...texts.map((text) => fitOf(sought, text))) : WHOLE;
}

export function matches(wanted: string, ...texts: string[]): boolean {
  return fit(wanted, texts) < NOT;
}

/** What fits, the best first; what fits equally well keeps its order. */
export function closest<One>(wanted: string, all: readonly One[], words: (one: One) => readonly string[]): One[] {
  return all
    .map((one) => [fit(wanted, words(one)), one] as const)
    .filter(([well]) => well < NOT)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}
