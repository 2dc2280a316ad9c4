/** Builds the page: src/dashboard into dist/dashboard, with everything that it needs inside. */

import { defineConfig } from "vite";

export default defineConfig({
  root: "src/dashboard",
  base: "./",
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // a strict content security policy allows files only
    modulePreload: { polyfill: false },
  },
});
