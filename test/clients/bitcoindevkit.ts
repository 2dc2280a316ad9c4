/** BDK's WebAssembly as npm has it, started as a bundler would. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as bdk from "bitcoindevkit";

/** What the package's own entry does, whose import of a .wasm file Node cannot follow. */
export async function openBdk(): Promise<typeof bdk> {
  const folder = dirname(createRequire(import.meta.url).resolve("bitcoindevkit"));
  const glue = await import(pathToFileURL(join(folder, "bitcoindevkit_bg.js")).href);
  const bytes = readFileSync(join(folder, "bitcoindevkit_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./bitcoindevkit_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start !== "function") throw new Error("this is not BDK's WebAssembly");
  start();
  return glue;
}
