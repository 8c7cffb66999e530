/** The first letters of the Chinese signs that names and labels are written in: 瘢痕 is found by "bh". */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { pinyin } from "pinyin-pro";
import type { Plugin } from "vite";

const NAME = "virtual:initials";
const TABLES = ["../../routing", "../../facilities", "../../geodata"];

function* tablesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* tablesBelow(path);
    else if (entry.name.endsWith(".csv")) yield path;
  }
}

/** For each letter, every sign that begins with it, as one string. */
function lettersOf(folders: string[]): Record<string, string> {
  const signs = new Set<string>();
  for (const folder of folders)
    for (const path of tablesBelow(folder))
      for (const sign of readFileSync(path, "utf-8").match(/[\u4e00-\u9fff]/g) ?? []) signs.add(sign);
  const found: Record<string, string> = {};
  for (const sign of [...signs].sort()) {
    const letter = pinyin(sign, { pattern: "first", toneType: "none" });
    if (/^[a-z]$/.test(letter)) found[letter] = (found[letter] ?? "") + sign;
  }
  return found;
}

export function initials(): Plugin {
  return {
    name: "greenchannel-initials",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const folders = TABLES.map((folder) => join(import.meta.dirname, "..", folder));
      return `export default ${JSON.stringify(lettersOf(folders))};`;
    },
  };
}
