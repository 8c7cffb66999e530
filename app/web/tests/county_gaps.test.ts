import { expect, test } from "vitest";

import { bedsOf, beyond, byPrefecture, farthestFirst, lacks, mostLacking, type County } from "../src/lib/county_gaps";

type Reach = [status: "within" | "beyond" | "none", minutes: number | null];

function county(adcode: string, births: number, second: Reach, beds: Partial<County["beds"]> = {}): County {
  const side = [1, 2, 3].map((level) => {
    const [status, minutes] = level === 2 ? second : (["within", 30] as Reach);
    return { level, status, minutes, facility_id: minutes === null ? null : "YN1" };
  });
  return {
    adcode,
    births,
    maternal: side,
    newborn: side,
    beds: { status: "met", found: 2, needed: 2, by_norm: 2, by_births: 1, per_1000_births: 1, assumed: false, ...beds },
  };
}

const NEAR = county("530102", 4000, ["within", 40]);
const FAR = county("530626", 1000, ["beyond", 260], { status: "below", found: 1, needed: 4 });
const CUT_OFF = county("530627", 500, ["none", null], { status: "unknown", found: null });
const TOLD = county("530103", 300, ["within", 20], { assumed: true });
const ALL = [NEAR, FAR, CUT_OFF, TOLD];

test("a county that reaches no centre counts as too far, and its births with it: 1000 + 500", () => {
  expect(beyond(ALL, "maternal", 2)).toEqual({ counties: 2, none: 1, births: 1500 });
  expect(beyond(ALL, "newborn", 3)).toEqual({ counties: 0, none: 0, births: 0 });
});

test("beds that nobody told are unknown, and assumed ones are not confirmed; those lacking are of the counties below", () => {
  expect(bedsOf(ALL)).toEqual({ below: 1, lacking: 3, unknown: 1, confirmed: 1, assumed: 1, unconfirmed: 2 });
});

test("who lacks nothing is in no list; the farthest comes first, and who reaches none before her", () => {
  const shown = ALL.filter((one) => lacks(one, 2)).sort(farthestFirst(2));
  expect(shown.map((one) => one.adcode)).toEqual(["530627", "530626"]);
});

test("every row is in the group of its prefecture, and none is lost", () => {
  const groups = byPrefecture(ALL);
  expect(groups.map(([of, rows]) => [of, rows.length])).toEqual([
    ["530100", 2],
    ["530600", 2],
  ]);
});

test("the counties that lack most are named, the worst first, and who lacks none is not", () => {
  const worse = county("530628", 100, ["within", 30], { status: "below", found: 0, needed: 9, assumed: true });
  expect(mostLacking([...ALL, worse], 5).map((one) => [one.county.adcode, one.lacking])).toEqual([
    ["530628", 9],
    ["530626", 3],
  ]);
});
