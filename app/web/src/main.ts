import "./app.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { unfoldForPrint } from "./lib/printing";
import { chosenLanguage, speak } from "./lib/words.svelte";

/** Where the address is safe (https, or this machine) the application opens without a line too. */
function keepShell(): void {
  void navigator.serviceWorker.register("/app/sw.js").catch(() => undefined);
}
// Not before everything else is there: the first sign-in goes first on a slow line.
if ("serviceWorker" in navigator) addEventListener("load", () => setTimeout(keepShell, 3_000));

unfoldForPrint();
void speak(chosenLanguage()).then(() => {
  mount(App, { target: document.getElementById("app")! });
});
