import { beforeEach, expect, test, vi } from "vitest";

import { present, serverTime, setClock } from "../src/lib/clock";
import { code, minutes, moment, named, speak, t } from "../src/lib/words.svelte";

beforeEach(async () => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-12-01T18:30:00Z"));
  setClock("2026-12-01T18:30:00+00:00");
  await speak("zh");
});

test("a phrase is filled in, and a key without one comes back", () => {
  expect(t("web.free", { n: 3 })).toBe("空 3");
  expect(t("no.such.key")).toBe("no.such.key");
  expect(code("colours", null)).toBe("不详");
});

test("a time of today is without its date, and every other with it, by the wall in China", () => {
  expect(moment("2026-12-01T19:05:00Z")).toBe("03:05");
  expect(moment("2026-12-01T15:59:00Z")).toBe("2026-12-01 23:59");
});

test("a computer whose clock is three hours behind still tells the time of the server", () => {
  setClock("2026-12-01T21:30:00Z");
  expect(present() - Date.now()).toBe(3 * 3_600_000);
  expect(serverTime(30)).toBe("2026-12-01T21:00:00Z");
});

test("minutes are said as people say them", async () => {
  expect(minutes(59.4)).toBe(t("units.min", { n: 59 }));
  expect(minutes(61)).toBe(t("units.hour_min", { h: 1, m: 1 }));
  expect(minutes(120)).toBe(t("units.hours", { h: 2 }));
  await speak("en");
  expect(named({ name_zh: "县", name_en: "" })).toBe("县");
});
