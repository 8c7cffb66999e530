import { expect, test } from "vitest";

import { closest, initialsOf, matches } from "../src/lib/search";

test("a Chinese phrase is found by the first letters of its signs", () => {
  expect(initialsOf("产后出血")).toBe("chcx");
  expect(matches("chcx", "产后出血仍在继续")).toBe(true);
  expect(matches("chcx", "胎盘早剥")).toBe(false);
});

test("nothing sought is everything found, and a word is found as it is", () => {
  expect(matches("  ", "任何")).toBe(true);
  expect(matches("HELLP", "hellp 综合征")).toBe(true);
});

test("two letters have to begin a word, and what begins with them comes first", () => {
  expect(matches("ml", "勐腊县人民医院")).toBe(true);
  expect(matches("ml", "普洱市 孟连县人民医院")).toBe(true);
  expect(matches("ml", "昆明冷水医院")).toBe(false);
  expect(matches("ml", "Kunming ML")).toBe(true);
  expect(matches("ml", "Simla")).toBe(false);
  expect(closest("rmyy", ["勐腊县人民医院", "人民医院", "云南省 人民医院"], (one) => [one])).toEqual([
    "人民医院",
    "云南省 人民医院",
    "勐腊县人民医院",
  ]);
});
