/** The data dictionary, divisions and facilities: read once, the same for everybody. */
import { get, type Schema } from "./http";
import { code, named, t } from "./words.svelte";

export type Fact = Schema["FactOut"];
type Facility = Schema["FacilityOut"];
export type Rule = Schema["app__reference__schemas__RuleOut"];

const known = $state<{
  facts: Map<string, Fact>;
  facilities: Map<string, Facility>;
  divisions: Map<string, Schema["DivisionOut"]>;
  rules: Map<string, Rule>;
  organisations: Map<string, Schema["OrganisationOut"]>;
}>({ facts: new Map(), facilities: new Map(), divisions: new Map(), rules: new Map(), organisations: new Map() });

/** Read something once; a failure may be tried again. */
function once(read: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | null = null;
  return () =>
    (reading ??= read().catch((error: unknown) => {
      reading = null;
      throw error;
    }));
}

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

export const ready = once(read);

/** Read the rows of the rule tables, which only the screens of case files show. */
export const rulesReady = once(async () => {
  const { items } = await get("/rules");
  known.rules = new Map(items.map((one) => [one.id, one]));
});

/** Read who organisations are, which only case files name by their keys. */
export const organisationsReady = once(async () => {
  const found = new Map<string, Schema["OrganisationOut"]>();
  let cursor = "";
  do {
    const page = await get("/organisations", {}, { limit: "500", ...(cursor ? { cursor } : {}) });
    for (const one of page.items) found.set(one.id, one);
    cursor = page.next ?? "";
  } while (cursor);
  known.organisations = found;
});

export const rules = (): Map<string, Rule> => known.rules;
export const ruleName = (rule: string): string => {
  const found = known.rules.get(rule);
  return found ? named(found) : code("web.case.rule", rule);
};
export const organisations = (): Map<string, Schema["OrganisationOut"]> => known.organisations;
export const organisation = (key: string | null): string => {
  const found = key === null ? undefined : known.organisations.get(key);
  if (!found) return t("units.unknown");
  return found.facility_id ? facility(found.facility_id) : found.name_zh;
};
export const facts = (): Map<string, Fact> => known.facts;
export const facilities = (): Map<string, Facility> => known.facilities;
export const divisions = (): Schema["DivisionOut"][] => [...known.divisions.values()];
export const division = (adcode: string): string => {
  const found = known.divisions.get(adcode);
  // A hospital outside the province stands at a hub and in no division of ours.
  return found ? named(found) : code("hubs", adcode);
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

/** A fact as it was stated: what is so by its name alone, all else with what was said. */
export function factSaid(name: string, value: unknown): string {
  if (value === true) return factName(name);
  const words = known.facts.get(name)?.values.find((one) => one.code === value);
  const said = value === false ? t("tri.no") : words ? named(words) : String(value);
  return `${factName(name)}: ${said}`;
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
