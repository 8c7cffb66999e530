import { expect, test } from "vitest";

import { unfoldForPrint } from "../src/lib/printing";

test("what is folded is printed, what is no part of the paper stays folded, and after it all is as it was", () => {
  document.body.innerHTML = `<details id="a" data-printed></details><details id="b" data-printed open></details><details id="c"></details>`;
  const open = () => ["a", "b", "c"].map((id) => (document.getElementById(id) as HTMLDetailsElement).open);
  unfoldForPrint();

  dispatchEvent(new Event("beforeprint"));
  expect(open()).toEqual([true, true, false]);
  dispatchEvent(new Event("afterprint"));
  expect(open()).toEqual([false, true, false]);
});
