import { afterEach, beforeEach, expect, test, vi } from "vitest";

const USER = "0190-user";
const THERE = { user_id: USER, csrf: "c", locked: false, must_change_password: false, actor: { role: "county_clinician" }, roles: [] };

type Answer = { status: number; body?: unknown } | "cut";
let answers: Answer[] = [];
let asked: { path: string; key: string | null; body: string }[] = [];

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  sessionStorage.clear();
  asked = [];
  vi.stubGlobal("fetch", async (path: string, sent: RequestInit) => {
    if (path.endsWith("/session")) return new Response(JSON.stringify(THERE));
    asked.push({ path, key: new Headers(sent.headers).get("Idempotency-Key"), body: String(sent.body) });
    const next = answers.shift() ?? "cut";
    if (next === "cut") throw new TypeError("no line");
    return new Response(JSON.stringify(next.body ?? {}), { status: next.status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function begun() {
  const draft = await import("../src/lib/draft.svelte");
  const outbox = await import("../src/lib/outbox.svelte");
  const session = await import("../src/lib/session.svelte");
  await session.look();
  draft.belongsTo(USER);
  draft.state("pph_ongoing", true);
  return { draft, outbox };
}

test("what got no answer is sent again in the same words, under the same key, until it is there", async () => {
  const { draft, outbox } = await begun();
  answers = ["cut", { status: 503 }, { status: 201, body: { id: "r1", number: "N1" } }];
  const stop = outbox.keepSending();
  draft.change({ minutesSince: 20 });
  const body = { request: draft.documentOf("YN1", "530000") };
  await expect(outbox.deliver(body)).rejects.toThrow();
  expect(draft.current().sent).not.toBeNull();
  await vi.advanceTimersByTimeAsync(7_000);
  stop();

  expect(asked.length).toBe(3);
  expect(new Set(asked.map((one) => one.key)).size).toBe(1);
  expect(new Set(asked.map((one) => one.body)).size).toBe(1);
  expect(draft.current().sent).toBeNull();
  expect(sessionStorage.getItem("greenchannel.draft")).toBeNull();
});

test("what was refused in so many words is sent no more, and stays to be corrected", async () => {
  const { draft, outbox } = await begun();
  answers = ["cut", { status: 422, body: { title: "refused" } }];
  const stop = outbox.keepSending();
  await expect(outbox.deliver({ request: {} })).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(30_000);
  stop();

  expect(asked.length).toBe(2);
  expect(draft.current().sent).toBeNull();
  expect(draft.current().facts).toEqual({ pph_ongoing: true });
  expect(outbox.refusal()).not.toBeNull();
});

test("what is begun after one was sent belongs to who is there, too", async () => {
  const { draft, outbox } = await begun();
  answers = [{ status: 201, body: { id: "r1", number: "N1" } }];
  await outbox.deliver({ request: {} });
  draft.state("hr", 120);
  draft.belongsTo("another");

  expect(draft.current().facts).toEqual({});
});

test("a change of the form gives it a new key, and somebody else finds it empty", async () => {
  const { draft } = await begun();
  const { key } = draft.current();
  draft.state("hr", 120);
  expect(draft.current().key).not.toBe(key);
  draft.belongsTo("another");
  expect(draft.current().facts).toEqual({});
  expect(sessionStorage.getItem("greenchannel.draft")).toBeNull();
});
