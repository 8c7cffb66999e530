import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { geography } from "./plugins/geography";
import { initials } from "./plugins/initials";
import { precompress } from "./plugins/precompress";
import { shell } from "./plugins/shell";

// Chrome 87 is the floor: hospital PCs run browsers of that age.
export default defineConfig({
  base: "/app/",
  plugins: [svelte(), geography(), initials(), shell(), precompress()],
  test: { environment: "happy-dom", include: ["tests/*.test.ts"] },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : undefined,
  build: {
    target: "chrome87",
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { main: "index.html", sw: "src/sw.ts" },
      // The service worker is looked for under one name; everything else carries its digest.
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
});
