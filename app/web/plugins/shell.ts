/** Tells the service worker which files the application is made of, so that it opens without a line. */
import type { Plugin } from "vite";

const WORKER = "sw.js";
const PLACE = /(["'`])__SHELL__\1/;

export function shell(): Plugin {
  return {
    name: "greenchannel-shell",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk" || !PLACE.test(worker.code)) throw new Error(`no place for the files in ${WORKER}`);
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/")).sort();
      worker.code = worker.code.replace(PLACE, JSON.stringify(files.join(" ")));
    },
  };
}
