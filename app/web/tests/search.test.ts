import { expect, test } from "vitest";

import { initialsOf, matches } from "../src/lib/search";

test("a Chinese phrase is found by the first letters of its signs", () => {
  expect(initialsOf("产后出血")).toBe("chcx");
  expect(matches("chcx", "产后出血仍在继续")).toBe(true);
  expect(matches("chcx", "胎盘早剥")).toBe(false);
});

test("nothing sought is everything found, and a word is found as it is", () => {
  expect(matches("  ", "任何")).toBe(true);
  expect(matches("HELLP", "hellp 综合征")).toBe(true);
});
