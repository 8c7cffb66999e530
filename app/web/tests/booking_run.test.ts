import { flushSync, mount, type Component } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";

import Beside from "../src/parts/files/Beside.svelte";
import Booking from "../src/parts/files/Booking.svelte";
import type { Schema } from "../src/lib/http";
import { speak } from "../src/lib/words.svelte";

const get = vi.hoisted(() => vi.fn());
vi.mock("../src/lib/http", async (whole) => ({ ...(await whole<object>()), get }));

beforeEach(() => {
  get.mockReset();
  return speak("zh");
});

function shown<Props extends Record<string, unknown>>(Part: Component<Props>, props: Props): HTMLElement {
  const target = document.createElement("div");
  document.body.append(target);
  mount(Part as Component<Record<string, unknown>>, { target, props });
  return target;
}
async function opened(target: HTMLElement) {
  const details = target.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  await settled();
}
async function settled() {
  await new Promise((done) => setTimeout(done, 0));
  flushSync();
}

test("who is in no row of a run is read when it is opened, page by page", async () => {
  const page = (id: string, next: string | null) => ({ items: [{ id, county: "530626", reason: "with_county" }], next });
  get.mockResolvedValueOnce(page("one", "c1")).mockResolvedValueOnce(page("two", null));
  const target = shown(Beside, { run: "r", reason: "with_county", women: 2 });

  expect(target.textContent).toContain("2");
  expect(get).not.toHaveBeenCalled();
  await opened(target);
  target.querySelector("button")!.click();
  await settled();

  const links = [...target.querySelectorAll("a")].map((one) => one.getAttribute("href"));
  expect(links).toEqual(["#/file/one", "#/file/two"]);
  expect(get.mock.calls.map((one) => one[2])).toEqual([{ reason: "with_county" }, { reason: "with_county", cursor: "c1" }]);
  expect(target.querySelector("button")).toBeNull();
});

const ROAD = {
  one: "530625", other: "530626", state: "closed", longer_min: null, reason: "landslide", until: "2026-12-08T04:00:00Z", by_org: "县卫健局",
};
const proposed = (why: string[]) =>
  ({
    id: "b", sight: "full", file_id: "f", file_number: "1", facility_id: "YN530600-002", status: "proposed", minutes: 150, why, kinds: [],
    residence_county: "530626", edd: "2026-12-20", reopened_for: [], colour: "red", purple: false, over_limit: false, run_id: null,
    chosen_because: null, next_step: null, come_by: null, reason: null, consent_said_by: null, booked_at: null, version: 1,
  }) as unknown as Schema["BookingOut"];

test("a proposal that counts a road says at once which one, until when, and that no way leads there", async () => {
  const items = [{ facility_id: "YN530100-008", minutes: 300, by_open_roads: null, why_not: ["road_closed"] }];
  get.mockResolvedValue({ by_open_roads: null, roads: [ROAD], items });
  const target = shown(Booking, { booking: proposed(["road_closed"]), command: { busy: false }, may: false } as never);
  expect(target.querySelector("details")!.open).toBe(true);
  await opened(target);

  expect(target.textContent).toContain("县卫健局");
  expect(target.textContent).toContain("按她可能分娩的几周里通行的道路,到不了那里");
  expect(target.textContent).toContain("道路中断,到不了");
});

test("without a road the list stays shut, and what is farther is told by the ways that are open", async () => {
  const items = [{ facility_id: "YN530100-008", minutes: 170, by_open_roads: 210, why_not: ["road_longer", "farther"] }];
  get.mockResolvedValue({ by_open_roads: 150, roads: [ROAD], items });
  const target = shown(Booking, { booking: proposed(["nearest"]), command: { busy: false }, may: false } as never);
  expect(target.querySelector("details")!.open).toBe(false);
  await opened(target);

  expect(target.textContent).toContain("多 40");
  expect(target.textContent).toContain("1 小时");
});
