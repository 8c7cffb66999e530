import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { geography } from "./plugins/geography";
import { initials } from "./plugins/initials";
import { precompress } from "./plugins/precompress";

// Chrome 87 is the floor: hospital PCs run browsers of that age.
export default defineConfig({
  base: "/app/",
  plugins: [svelte(), geography(), initials(), precompress()],
  build: {
    target: "chrome87",
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
