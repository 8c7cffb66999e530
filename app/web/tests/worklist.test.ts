import { expect, test } from "vitest";

import type { Schema } from "../src/lib/http";
import { merged } from "../src/lib/worklist";

type List = Schema["WorklistOut"];

function line(id: string, deadline: string | null, yours = false): Schema["WorklistLineOut"] {
  return { id, deadline_at: deadline, yours, priority: 1, status: "offered" } as Schema["WorklistLineOut"];
}
function offer(id: string, referral: string, yours: boolean): Schema["OfferOut"] {
  return { id, referral_id: referral, yours } as Schema["OfferOut"];
}
const list = (referrals: List["referrals"], offers: List["offers"] = [], now = "t1"): List =>
  ({ now, referrals, offers, work_items: [], case_reviews: [], returns: [] }) as List;

test("what has changed stands in its new place, what is over is gone, and the rest stays", () => {
  const before = list([line("mine", "03:00", true), line("b", "01:00"), line("c", "02:00"), line("over", "04:00")]);
  const part = list([line("c", "00:30"), line("new", null)], [], "t2");

  const after = merged(before, part, ["c", "new", "over"]);

  expect(after.referrals.map((one) => one.id)).toEqual(["mine", "new", "c", "b"]);
  expect(after.now).toBe("t2");
});

test("a question that was answered leaves the list, one that waits comes first", () => {
  const before = list([], [offer("o1", "a", true), offer("o2", "b", false)]);

  const after = merged(before, list([], [offer("o3", "c", true)]), ["a", "c"]);

  expect(after.offers.map((one) => one.id)).toEqual(["o3", "o2"]);
});
