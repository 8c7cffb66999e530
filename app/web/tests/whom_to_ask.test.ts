import { expect, test } from "vitest";

import { askedTogether } from "../src/lib/whom_to_ask";

type Answer = Parameters<typeof askedTogether>[0];

/** Centres a, b, c … at so many minutes; those named have no account. */
function answer(minutes: number[], silent: string, parallel = 2): Answer {
  const ids = minutes.map((_, at) => String.fromCharCode(97 + at));
  return {
    parallel_offers: parallel,
    ranking: ids.map((facility_id, at) => ({ facility_id, time_to_care_min: minutes[at] })),
    ring: ids.map((facility_id) => ({ facility_id, note_code: silent.includes(facility_id) ? "nobody_signed_up" : null })),
  } as Answer;
}

test("as many as the rule says are asked", () => {
  expect(askedTogether(answer([60, 70, 80], ""))).toEqual(["a", "b"]);
});

test("who has no account is asked beside them and takes no place", () => {
  expect(askedTogether(answer([60, 70, 80, 90], "b"))).toEqual(["a", "b", "c"]);
});

test("nobody is looked for an hour farther away, and never fewer are asked", () => {
  expect(askedTogether(answer([60, 70, 131], "b"))).toEqual(["a", "b"]);
  expect(askedTogether(answer([60, 70], "ab"))).toEqual(["a", "b"]);
});

test("the chosen centre takes the first place", () => {
  expect(askedTogether(answer([60, 70, 80, 90], "a"), "d")).toEqual(["d", "a", "b"]);
  expect(askedTogether(answer([60, 70], "", 1), "b")).toEqual(["b"]);
});

test("who is told nothing of accounts sees the first ones", () => {
  expect(askedTogether({ ...answer([60, 70, 80], "a"), ring: null })).toEqual(["a", "b"]);
});
