import { expect, test } from "vitest";

import { fellDue, grouped, presses, rowsOf } from "../src/lib/board";
import type { Schema } from "../src/lib/http";
import { gains, type Reached } from "../src/lib/plan";

type List = Schema["WorklistOut"];
type Line = Schema["WorklistLineOut"];

const line = (id: string, more: Partial<Line> = {}): Line =>
  ({
    id,
    number: id,
    status: "offered",
    priority: 1,
    colour: "red",
    why: "in_sight",
    under_way: false,
    next_step: "remind",
    requested_at: "2026-12-01T10:00:00Z",
    accepted_at: null,
    fell_due: [],
    overdue: false,
    ...more,
  }) as Line;
const asks = (referral: string): Schema["OfferOut"] =>
  ({ id: `o-${referral}`, referral_id: referral, yours: true, assessment: {}, overdue: false }) as unknown as Schema["OfferOut"];
const list = (referrals: Line[], offers: List["offers"] = []): List =>
  ({ now: "", referrals, offers, work_items: [], case_reviews: [], returns: [] }) as List;

const GONE = { status: "handed_over", next_step: "confirm_acceptance", accepted_at: "2026-12-01T09:10:00Z", requested_at: "2026-12-01T09:00:00Z" };
const YES = { status: "accepted", next_step: "departure", accepted_at: "2026-12-01T09:10:00Z" };

test("who waits for the own answer stands first, who is handed over last, whatever the colour and the time", () => {
  const rows = rowsOf(
    list(
      [
        line("over", GONE),
        line("door", { ...YES, next_step: "hand_over" }),
        line("road", { ...YES, next_step: "arrival", under_way: true }),
        line("yes", YES),
        line("looking", { colour: "orange", priority: 2 }),
        line("asked", { colour: "yellow", priority: 3, requested_at: "2026-12-01T11:00:00Z" }),
      ],
      [asks("asked")],
    ),
  );

  expect(rows.map((row) => row.referral)).toEqual(["asked", "looking", "yes", "road", "over", "door"]);
  expect(grouped(rows).map((group) => [group.stands, group.rows.length])).toEqual([
    ["asks", 1],
    ["open", 1],
    ["accepted", 1],
    ["way", 1],
    ["arrived", 2],
  ]);
  expect(rows.map((row) => row.accepted !== null)).toEqual([false, false, true, true, true, true]);
});

test("a step of the own house that was due and is due again is late and stands with who has no destination", () => {
  const late = line("late", {
    ...YES,
    why: "owner",
    deadline_at: "2026-12-01T10:15:00Z",
    fell_due: [{ step: "departure", at: "2026-12-01T09:40:00Z" }],
  });
  const [row] = rowsOf(list([late]));

  expect([row!.stands, row!.overdue, fellDue(late)]).toEqual(["open", true, "2026-12-01T09:40:00Z"]);
  expect(rowsOf(list([{ ...late, why: "in_sight" }]))[0]!.stands).toBe("accepted");
  expect(fellDue(line("other", { fell_due: [{ step: "second_centre", at: "2026-12-01T09:40:00Z" }] }))).toBeNull();
});

test("a hand-over that is late presses, and a report that is late for days does not stand above who waits", () => {
  const at = "2026-12-01T09:40:00Z";
  const late = (status: string, step: string) =>
    line(step, { status, next_step: step, why: "owner", fell_due: [{ step, at }] });
  const door = late("accepted", "hand_over");
  const owed = [late("handed_over", "outcome"), late("outcome_reported", "close"), late("handed_over", "complete_handover")];
  const unconfirmed = late("handed_over", "confirm_hand_over");

  expect([door, unconfirmed, ...owed].map(presses)).toEqual([true, true, false, false, false]);
  expect(rowsOf(list([...owed, door])).map((row) => [row.referral, row.stands, row.overdue])).toEqual([
    ["hand_over", "open", true],
    ["outcome", "arrived", true],
    ["close", "arrived", true],
    ["complete_handover", "arrived", true],
  ]);
});

test("a journey to be driven is one until she has left, with or without a yes", () => {
  const job = (more: Partial<Line>) => rowsOf(list([line("job", { why: "brings", ...more })]))[0]!.stands;

  expect([job({}), job(YES), job({ ...YES, under_way: true, next_step: "arrival" })]).toEqual(["job", "job", "way"]);
});

test("a plan gains where it places more, or as many with less, in the first priority that differs", () => {
  const way = (placed: number, objective: number): Reached => ({ tiers: [{ priority: 1, placed, waiting: 0, objective }] });

  expect(gains(way(2, 50), way(1, 10))).toBe(true);
  expect(gains(way(2, 10), way(2, 50))).toBe(true);
  expect(gains(way(2, 50), way(2, 50))).toBe(false);
  expect(gains(way(1, 10), way(2, 50))).toBe(false);
});
