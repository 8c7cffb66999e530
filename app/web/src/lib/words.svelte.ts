/** The words of one language, by dotted key, from the catalogue that pages and print use too. */
import { present } from "./clock";

type Tree = { [key: string]: string | Tree };
export type Language = "zh" | "en";

const CATALOGUES: Record<Language, () => Promise<{ default: Tree }>> = {
  zh: () => import("../text/zh.json"),
  en: () => import("../text/en.json"),
};
const KEPT = "greenchannel.language";
const CHINA_MS = 8 * 3_600_000;

const spoken = $state<{ language: Language; words: Tree }>({ language: "zh", words: {} });

export function chosenLanguage(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
}

export async function speak(language: Language): Promise<void> {
  const words = (await CATALOGUES[language]()).default;
  spoken.words = words;
  spoken.language = language;
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export const language = (): Language => spoken.language;

function found(key: string): string | undefined {
  let at: string | Tree | undefined = spoken.words;
  for (const step of key.split(".")) at = typeof at === "object" ? at[step] : undefined;
  return typeof at === "string" ? at : undefined;
}

/** A phrase, filled in; a key without phrase comes back as it is. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  return (found(key) ?? key).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

/** The words of a code of a group; the code itself where there are none. */
export function code(group: string, value: string | null | undefined): string {
  return value == null ? t("units.unknown") : (found(`${group}.${value}`) ?? value);
}

export interface Named {
  name_zh?: string;
  name_en?: string;
  label_zh?: string;
  label_en?: string;
}

/** What a record is called in the language spoken. */
export function named(record: Named): string {
  const zh = record.name_zh || record.label_zh || "";
  const en = record.name_en || record.label_en || "";
  return spoken.language === "zh" ? zh || en : en || zh;
}

const DAYS_FROM_H = 48;

/** Minutes as people say them. */
export function minutes(n: number): string {
  const whole = Math.round(n);
  const h = Math.floor(whole / 60);
  if (h >= DAYS_FROM_H) return t("units.days_hours", { d: Math.floor(h / 24), h: h % 24 });
  if (h === 0) return t("units.min", { n: whole });
  return whole % 60 === 0 ? t("units.hours", { h }) : t("units.hour_min", { h, m: whole % 60 });
}

/** A moment by the clock of the wall in China, with the date where it is not today. */
export function moment(at: string): string {
  const [day, time] = wall(Date.parse(at));
  return day === wall(present())[0] ? time : `${day} ${time}`;
}

/** Day and time in China, however the clock of this machine is set. */
function wall(at: number): [day: string, time: string] {
  const text = new Date(at + CHINA_MS).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}
