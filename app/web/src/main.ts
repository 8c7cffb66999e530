import "./app.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { chosenLanguage, speak } from "./lib/words.svelte";

void speak(chosenLanguage()).then(() => {
  mount(App, { target: document.getElementById("app")! });
});
