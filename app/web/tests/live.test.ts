import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Live } from "../src/lib/live.svelte";

vi.mock("../src/lib/session.svelte", () => ({ inside: () => true }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Reads that end when they are told to. */
function slowly() {
  const asked: (string[] | null)[] = [];
  const ends: ((failed: boolean) => void)[] = [];
  const live = new Live((only) => {
    asked.push(only);
    return new Promise((done, failed) => ends.push((broken) => (broken ? failed(new Error()) : done())));
  });
  const end = async (broken = false) => {
    ends.shift()!(broken);
    await vi.advanceTimersByTimeAsync(150);
  };
  return { live, asked, end };
}

test("the first change is read at once, those of one breath together, the rest behind it", async () => {
  const { live, asked, end } = slowly();
  live.soon("a");
  live.soon("b");
  await vi.advanceTimersByTimeAsync(20);
  expect(asked).toEqual([["a", "b"]]);

  live.soon("c");
  live.soon("d");
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(1);
  await end();
  expect(asked).toEqual([["a", "b"], ["c", "d"]]);
});

test("who asks for everything while something is read gets everything behind it", async () => {
  const { live, asked, end } = slowly();
  live.soon("a");
  await vi.advanceTimersByTimeAsync(20);
  const done = vi.fn();
  void live.now().then(done);
  await end();
  expect(asked).toEqual([["a"], null]);
  expect(done).not.toHaveBeenCalled();
  await end();
  expect(done).toHaveBeenCalled();
});

test("after a read that failed a change is no reason to take the rest for fresh", async () => {
  const { live, asked, end } = slowly();
  live.soon("a");
  await vi.advanceTimersByTimeAsync(20);
  await end(true);
  expect(live.stale).toBe(true);

  live.soon("b");
  await vi.advanceTimersByTimeAsync(20);
  await end();
  expect(asked).toEqual([["a"], null]);
  expect(live.stale).toBe(false);
});
