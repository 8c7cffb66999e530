/** What counties lack, counted: how many, and how many births a year that is. */
import type { Schema } from "./http";

export type County = Schema["CountyGapOut"];
export type Side = "maternal" | "newborn";

/** The highest first: it is the rarest, and the farthest. */
export const LEVELS = [3, 2, 1] as const;

export interface Beyond {
  /** Counties from which a centre is farther than the limit, or none is reached. */
  counties: number;
  /** Those of them from which none is reached. */
  none: number;
  births: number;
}

export const reachOf = (one: County, side: Side, level: number) => one[side].find((reach) => reach.level === level)!;

export function beyond(gaps: readonly County[], side: Side, level: number): Beyond {
  const far = gaps.filter((one) => reachOf(one, side, level).status !== "within");
  return {
    counties: far.length,
    none: far.filter((one) => reachOf(one, side, level).status === "none").length,
    births: birthsOf(far),
  };
}

export const birthsOf = (gaps: readonly County[]) => gaps.reduce((sum, one) => sum + one.births, 0);

export interface Beds {
  below: number;
  /** Beds that are lacking in those; what another county has too many of helps nobody there. */
  lacking: number;
  unknown: number;
  /** As the norm by what was told, and by what nobody has confirmed. */
  confirmed: number;
  assumed: number;
  /** Counties of whose figure, enough or not, somebody has told nothing. */
  unconfirmed: number;
}

export function bedsOf(gaps: readonly County[]): Beds {
  const found = { below: 0, lacking: 0, unknown: 0, confirmed: 0, assumed: 0, unconfirmed: 0 };
  for (const { beds } of gaps) {
    if (beds.status === "met") found[beds.assumed ? "assumed" : "confirmed"] += 1;
    else found[beds.status] += 1;
    if (beds.assumed || beds.status === "unknown") found.unconfirmed += 1;
    if (beds.status === "below") found.lacking += beds.needed - (beds.found ?? 0);
  }
  return found;
}

const lackingIn = ({ beds }: County) => (beds.status === "below" ? beds.needed - (beds.found ?? 0) : 0);

/** The counties that lack most beds, the worst first; of equals the one with more births. */
export const mostLacking = (gaps: readonly County[], n: number): { county: County; lacking: number }[] =>
  gaps
    .map((county) => ({ county, lacking: lackingIn(county) }))
    .filter((one) => one.lacking > 0)
    .sort((a, b) => b.lacking - a.lacking || b.county.births - a.county.births)
    .slice(0, n);

/** A county lacks something: a centre of the level near enough on either side, or rescue beds. */
export const lacks = (one: County, level: number) =>
  reachOf(one, "maternal", level).status !== "within" ||
  reachOf(one, "newborn", level).status !== "within" ||
  one.beds.status !== "met";

const far = (one: County, level: number) =>
  Math.max(...[one.maternal, one.newborn].map((side) => side.find((reach) => reach.level === level)!.minutes ?? Number.MAX_SAFE_INTEGER));

export const farthestFirst = (level: number) => (a: County, b: County) => far(b, level) - far(a, level);

/** Rows by the prefecture that they lie in, in the order in which prefectures first come. */
export function byPrefecture<Row extends { adcode: string }>(rows: readonly Row[]): [prefecture: string, rows: Row[]][] {
  const found = new Map<string, Row[]>();
  for (const one of rows) {
    const of = `${one.adcode.slice(0, 4)}00`;
    found.set(of, [...(found.get(of) ?? []), one]);
  }
  return [...found];
}

type Status = Schema["PolicySideOut"]["status"];
const STATUSES = ["none", "candidate", "confirmed"] as const;

/** How many areas have no centre of a side, an assumed one, a confirmed one; what is nought is left out. */
export const statusesOf = (rows: readonly Schema["PolicyRowOut"][], side: Side): [status: Status, n: number][] =>
  STATUSES.map((status): [Status, number] => [status, rows.filter((one) => one[side].status === status).length]).filter(([, n]) => n > 0);
