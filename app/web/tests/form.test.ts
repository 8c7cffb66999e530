import { webcrypto } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";

const NAME = "assess.f1.";
const WRITTEN = { said: { hb_g_l: 96 }, because: "复查" };

beforeEach(() => {
  vi.resetModules();
  sessionStorage.clear();
  vi.stubGlobal("crypto", webcrypto);
});

/** The page, opened anew: nothing is left of it but what stands in the tab. */
async function page(whose: string | null, secret = "of this session") {
  vi.resetModules();
  const form = await import("../src/lib/form.svelte");
  if (whose) form.openForms(whose, secret);
  return form;
}

test("what was written is there after a reload for the same person in the same session", async () => {
  await (await page("u1 county_clinician o1")).keepForm(NAME, WRITTEN);
  expect(await (await page("u1 county_clinician o1")).keptForm(NAME)).toEqual(WRITTEN);
});

test("nothing of it can be read in the tab", async () => {
  await (await page("u1")).keepForm(NAME, WRITTEN);
  const all = Object.keys(sessionStorage).map((one) => sessionStorage.getItem(one) ?? "").join();
  expect(all).not.toContain("复查");
  expect(all).not.toContain("hb_g_l");
  expect(all.length).toBeGreaterThan(20);
});

test.each([
  ["another person", "u2", "of this session"],
  ["another session of hers", "u1", "of another session"],
  ["nobody", null, ""],
])("%s reads nothing", async (_, whose, secret) => {
  await (await page("u1")).keepForm(NAME, WRITTEN);
  expect(await (await page(whose, secret)).keptForm(NAME)).toBeNull();
});

test("a form is no other form", async () => {
  const form = await page("u1");
  await form.keepForm(NAME, WRITTEN);
  sessionStorage.setItem("greenchannel.form.assess.f2.", sessionStorage.getItem(`greenchannel.form.${NAME}`)!);
  expect(await form.keptForm("assess.f2.")).toBeNull();
});

test("what was sent is forgotten, also where it was still being sealed; leaving forgets everything", async () => {
  const form = await page("u1");
  const late = form.keepForm(NAME, WRITTEN);
  form.forgetForm(NAME);
  await late;
  expect(sessionStorage.length).toBe(0);

  await form.keepForm("register", WRITTEN);
  sessionStorage.setItem("greenchannel.other", "stays");
  const after = form.keepForm(NAME, WRITTEN);
  form.forgetForms();
  await after;
  expect(Object.keys(sessionStorage)).toEqual(["greenchannel.other"]);
});

test("a browser without cryptography keeps nothing", async () => {
  vi.stubGlobal("crypto", { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) });
  const form = await page("u1");
  await form.keepForm(NAME, WRITTEN);
  expect(sessionStorage.length).toBe(0);
});
