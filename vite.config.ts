/**
 * Builds the pages: src/dashboard into dist/dashboard, each with everything that it needs inside.
 *
 * `vite build` makes the page of labs, nodes and recordings, and `vite build --mode protocols` the
 * one for protocols beside it: built apart, so that neither brings what only the other needs, and
 * the first still fits into one file.
 */

import { defineConfig } from "vite";

export default defineConfig(({ mode }) => {
  const isOfProtocols = mode === "protocols";
  return {
    root: "src/dashboard",
    base: "./",
    worker: { format: "es" },
    build: {
      outDir: "../../dist/dashboard",
      emptyOutDir: !isOfProtocols,
      target: "es2022",
      assetsInlineLimit: 0, // a strict content security policy allows files only
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: `src/dashboard/${isOfProtocols ? "protocols" : "index"}.html`,
      },
    },
  };
});
