/**
 * Makes a checkout ready to run: installs and builds whatever is older than its sources. It runs
 * before anything is installed, so it uses Node's own modules only, and it prints to stderr, so
 * that `npm start -- --json` keeps stdout for data.
 *
 * `node bin/ensure.mjs`          installs and builds when stale `node bin/ensure.mjs install`
 * installs when stale `node bin/ensure.mjs build`    installs when stale, builds always
 */

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const nodeMin = [20, 19];
const sources = [
  ...["src", "bin", "native", "test/bench", "test/e2e/chromium.ts", "test/dashboard/story/tale.ts"],
  ...["package.json", "tsconfig.json", "tsconfig.build.json", "vite.config.ts"],
];
const stamp = "dist/.stamp";
const program = "dist/bin/powlab.js";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const task = process.argv[2];
checkNode();
if (isInstallStale()) install();
if (task === "build" || (task !== "install" && isBuildStale())) await build();

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  stop(
    `powlab needs Node ${nodeMin.join(".")} or newer; this is Node ${process.versions.node}. ` +
      "Get a newer one from https://nodejs.org and try again.",
  );
}

/** npm writes node_modules/.package-lock.json last, so an interrupted install is stale too. */
function isInstallStale() {
  return changedAt("package-lock.json") > changedAt("node_modules/.package-lock.json");
}

function install() {
  // Without --include=dev, NODE_ENV=production would leave the compiler out.
  run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    intent: "installing the libraries",
    advice: "Is the npm registry reachable? Then try again.",
  });
}

function isBuildStale() {
  return Math.max(...sources.map(changedWithin)) > changedAt(stamp);
}

async function build() {
  const startedAt = Date.now();
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    intent: "building",
    advice: "The lines above say what does not compile.",
  });
  buildPage("building the page");
  buildPage("building the page for protocols", "--mode", "protocols");
  copyModules();
  await declarePackage();
  if (changedAt(program) > 0) chmodSync(program, 0o755);
  // The stamp bears the time of the start: what was changed during the build is built again.
  writeFileSync(stamp, "");
  utimesSync(stamp, startedAt / 1000, startedAt / 1000);
}

/** @param intent what is said of it. @param mode which page; the first one empties the folder. */
function buildPage(intent, ...mode) {
  const vite = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", ...mode];
  run(process.execPath, vite, { intent, advice: "The lines above say what does not compile." });
}

/** The types of what others import: one file, which needs no other. */
async function declarePackage() {
  const { default: typescript } = await import("typescript");
  const source = readFileSync("bin/package.ts", "utf8");
  const { outputText } = typescript.transpileDeclaration(source, { reportDiagnostics: false });
  writeFileSync("dist/bin/package.d.ts", outputText);
}

/** The compiler leaves WebAssembly where it is. */
function copyModules() {
  mkdirSync("dist/native", { recursive: true });
  for (const path of filesIn("native")) {
    if (extname(path) === ".wasm") copyFileSync(path, join("dist", path));
  }
}

/** Runs a program and prints one line about it; its own output is shown only if it fails. */
function run(command, parameters, { intent, advice }) {
  const startedAt = Date.now();
  process.stderr.write(`powlab: ${intent} … `);
  const { status, error, stdout, stderr } = spawnSync(command, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: Infinity,
    shell: process.platform === "win32" && command === "npm",
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (status === 0) {
    process.stderr.write(`${seconds} s\n`);
    return;
  }
  process.stderr.write(`failed after ${seconds} s\n${stdout ?? ""}${stderr ?? ""}`);
  stop(error ? `${error.message}. ${advice}` : advice);
}

/** The time of the latest change in a file or folder; a folder changes when a file is removed. */
function changedWithin(path) {
  return Math.max(
    changedAt(path),
    ...filesIn(path).map(changedAt),
    ...foldersIn(path).map(changedAt),
  );
}

/** Milliseconds since 1970; 0 if there is no such file. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function filesIn(path) {
  return entriesIn(path).flatMap((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory() ? filesIn(inner) : [inner];
  });
}

function foldersIn(path) {
  return entriesIn(path)
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [join(path, entry.name), ...foldersIn(join(path, entry.name))]);
}

/** Cargo's `target` is a cache of its own. */
function entriesIn(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.name !== "target");
}

function stop(line) {
  process.stderr.write(`powlab: ${line}\n`);
  process.exit(1);
}
