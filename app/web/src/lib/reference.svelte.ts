/** The data dictionary, divisions and facilities: read once, the same for everybody. */
import { get, type Schema } from "./http";
import { named } from "./words.svelte";

export type Fact = Schema["FactOut"];
type Facility = Schema["FacilityOut"];

const known = $state<{
  facts: Map<string, Fact>;
  facilities: Map<string, Facility>;
  divisions: Map<string, Schema["DivisionOut"]>;
  rules: Map<string, { name_zh: string; name_en: string }>;
}>({ facts: new Map(), facilities: new Map(), divisions: new Map(), rules: new Map() });

let reading: Promise<void> | null = null;

async function everyFacility(): Promise<Facility[]> {
  const all: Facility[] = [];
  let cursor = "";
  do {
    const page = await get("/facilities", {}, { limit: "200", ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor);
  return all;
}

async function read(): Promise<void> {
  const [facts, divisions, facilities] = await Promise.all([
    get("/facts"),
    get("/divisions"),
    everyFacility(),
  ]);
  known.facts = new Map(facts.items.map((one) => [one.name, one]));
  known.divisions = new Map(divisions.items.map((one) => [one.adcode, one]));
  known.facilities = new Map(facilities.map((one) => [one.facility_id, one]));
}

/** Read them if that was not done; a failure may be tried again. */
export function ready(): Promise<void> {
  reading ??= read().catch((error: unknown) => {
    reading = null;
    throw error;
  });
  return reading;
}

let readingRules: Promise<void> | null = null;

/** Read the names of the rules, which only the screens of case files show. */
export function rulesReady(): Promise<void> {
  readingRules ??= get("/rules")
    .then(({ items }) => {
      known.rules = new Map(items.map((one) => [one.id, one]));
    })
    .catch((error: unknown) => {
      readingRules = null;
      throw error;
    });
  return readingRules;
}

export const ruleName = (rule: string): string => {
  const found = known.rules.get(rule);
  return found ? named(found) : rule;
};
export const facts = (): Map<string, Fact> => known.facts;
export const facilities = (): Map<string, Facility> => known.facilities;
export const division = (adcode: string): string => {
  const found = known.divisions.get(adcode);
  return found ? named(found) : adcode;
};
/** Counties in the order of their codes. */
export const counties = (): Schema["DivisionOut"][] =>
  [...known.divisions.values()].filter((one) => one.level === "county");
export const facility = (key: string | null): string => {
  const found = key === null ? undefined : known.facilities.get(key);
  return found ? named(found) : (key ?? "");
};

/** What a fact is called; notes for readers of tables are left out, as on the pages. */
export function factName(name: string): string {
  const fact = known.facts.get(name);
  return fact
    ? named(fact).replace(/\s*[((](?:计算|小数|computed|[^()()]*\bR-[A-Z]+-\w+)[^()()]*[))]$/, "")
    : name;
}

const able = $state<{ capabilities: Schema["CapabilityOut"][] }>({ capabilities: [] });
let readingAble: Promise<void> | null = null;

/** Read the names of capabilities, which only those who speak of one need. */
export function capabilitiesReady(): Promise<void> {
  readingAble ??= get("/capabilities")
    .then(({ items }) => {
      able.capabilities = items;
    })
    .catch((error: unknown) => {
      readingAble = null;
      throw error;
    });
  return readingAble;
}

export const capabilities = (): Schema["CapabilityOut"][] => able.capabilities;
export const capabilityName = (code: string): string => {
  const found = able.capabilities.find((one) => one.code === code);
  return found ? named(found) : code;
};
