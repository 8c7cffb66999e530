import { mount, unmount, type Component } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";

import Colour from "../src/parts/Colour.svelte";
import AskInstead from "../src/parts/referral/AskInstead.svelte";
import Countdown from "../src/parts/Countdown.svelte";
import Emergencies from "../src/parts/referral/Emergencies.svelte";
import Fault from "../src/parts/Fault.svelte";
import { Refused, type Schema } from "../src/lib/http";
import { setClock } from "../src/lib/clock";
import { speak } from "../src/lib/words.svelte";

beforeEach(() => speak("zh"));

function shown<Props extends Record<string, unknown>>(Part: Component<Props>, props: Props): string {
  const target = document.createElement("div");
  const made = mount(Part as Component<Record<string, unknown>>, { target, props });
  const text = target.textContent ?? "";
  void unmount(made);
  return text;
}

test("a colour is a shape and a word, and purple stands beside it", () => {
  const all = ["green", "yellow", "orange", "red"].map((colour) => shown(Colour, { colour }));
  expect(new Set(all.map((text) => text[0])).size).toBe(4);
  expect(all[3]).toContain("红");
  expect(shown(Colour, { colour: "red", purple: true })).toContain("紫");
  expect(shown(Colour, { colour: null })).not.toContain("绿");
});

test("time that is over is said to be over, by the clock of the server", () => {
  setClock("2026-12-01T10:00:00Z");
  expect(shown(Countdown, { until: "2026-12-01T10:05:00Z" })).toContain("还剩");
  expect(shown(Countdown, { until: "2026-12-01T09:55:00Z" })).toContain("已超时");
  expect(shown(Countdown, { until: null })).toBe("");
});

test("an emergency that is not settled yet is never said to be none", () => {
  const offer = (assessment: object) => ({
    offer: { assessment, patient_kind: "maternal", weeks: null, delivered: null } as unknown as Schema["OfferOut"],
  });
  expect(shown(Emergencies, offer({ emergencies: [], presumed: [] }))).toContain("没有急救项");
  const open = shown(Emergencies, offer({ emergencies: [], presumed: [{ row: "E-M05" }] }));
  expect(open).not.toContain("没有急救项");
  expect(open).toContain("急救项尚未确定");
});

test("a server that is not reached says to ring, and a refusal speaks in its own words", () => {
  expect(shown(Fault, { error: new Refused(0, {}) })).toContain("打电话");
  expect(shown(Fault, { error: new Refused(422, { title: "不成立", detail: "请更正" }) })).toContain("请更正");
  expect(shown(Fault, { error: null })).toBe("");
});

test("another centre is chosen with a reason, never without", () => {
  const choose = vi.fn();
  const toggle = vi.fn();
  const target = document.createElement("div");
  mount(AskInstead, { target, props: { choose, because: null, disabled: false, open: false, toggle } });
  target.querySelector("button")!.click();
  expect(toggle).toHaveBeenCalledWith(true);
  expect(choose).not.toHaveBeenCalled();

  const opened = document.createElement("div");
  mount(AskInstead, { target: opened, props: { choose, because: "road", disabled: false, open: true, toggle } });
  opened.querySelector("button")!.click();
  expect(choose).toHaveBeenCalledWith("agreed_by_telephone");
  expect(opened.querySelector('[aria-pressed="true"]')!.textContent).toBe("道路或天气");
});
