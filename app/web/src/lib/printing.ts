/** What is folded is not printed: what is marked as a part of the paper is opened for it, and closed again after. */
const MARKED = "details[data-printed]:not([open])";

export function unfoldForPrint(target: Window & typeof globalThis = window): void {
  let opened: HTMLDetailsElement[] = [];
  target.addEventListener("beforeprint", () => {
    opened = [...target.document.querySelectorAll<HTMLDetailsElement>(MARKED)];
    for (const one of opened) one.open = true;
  });
  target.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
}
