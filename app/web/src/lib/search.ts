/** Finding by words, and Chinese words by the first letters of their signs: 产后出血 by "chcx". */
import letters from "virtual:initials";

const LETTER = new Map<string, string>();
for (const [letter, signs] of Object.entries(letters)) for (const sign of signs) LETTER.set(sign, letter);

export function initialsOf(text: string): string {
  return [...text.toLowerCase()].map((sign) => LETTER.get(sign) ?? (/[a-z0-9]/.test(sign) ? sign : "")).join("");
}

export function matches(wanted: string, ...texts: string[]): boolean {
  const sought = wanted.trim().toLowerCase();
  if (!sought) return true;
  return texts.some((text) => text.toLowerCase().includes(sought) || initialsOf(text).includes(sought));
}
