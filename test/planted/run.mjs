/**
 * Plants bugs into a copy of the sources, one at a time, and demands that chaos or a test finds
 * each of them: a check that finds nothing proves nothing.
 *
 * `npm run planted`                    all bugs
 * `npm run planted -- undo maturity`  those whose names or files contain one of these words
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bugs } from "./bugs.ts";

const project = resolve(import.meta.dirname, "../..");
const copied = ["src", "bin", "test", "native"];
const files = ["package.json", "tsconfig.json", "vitest.config.ts"];
/** Each on the rules of both networks. */
const seeds = "1..30";
/** Rooms whose code does not run in chaos with full nodes: their bugs are for tests alone to find. */
const outsideChaos = /^src\/(protocols|checkers|explorer|experiments|sim\/process-\w+)\//;
const brokenPromise = 5;
const nameWidth = 78;

const folder = mkdtempSync(join(tmpdir(), "powlab-planted-"));
try {
  process.exitCode = plantAll(process.argv.slice(2)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** True if every bug was found. */
function plantAll(words) {
  for (const name of copied) {
    const filter = (path) => !path.includes("/native/target") && !path.includes("node_modules");
    cpSync(join(project, name), join(folder, name), { recursive: true, filter });
  }
  for (const name of files) cpSync(join(project, name), join(folder, name));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));

  const chosen = bugs.filter(({ name, file }) => {
    return words.length === 0 || words.some((word) => name.includes(word) || file.includes(word));
  });
  const hasChaos = chosen.some(({ file }) => !outsideChaos.test(file));
  const soundness = hasChaos ? findByChaos() : undefined;
  if (soundness) throw new Error(`Chaos fails without any bug planted: ${soundness}`);
  const missed = chosen.filter((bug) => !isFound(bug));
  const verdict = missed.length === 0 ? "all found" : `${missed.length} MISSED`;
  console.log(`${chosen.length} bugs planted, ${verdict}`);
  return missed.length === 0;
}

function isFound(bug) {
  const path = join(folder, bug.file);
  const sound = readFileSync(path, "utf8");
  const parts = sound.split(bug.find);
  if (parts.length !== 2) {
    throw new Error(
      `${bug.file} has the text of "${bug.name}" ${parts.length - 1} times, not once`,
    );
  }
  writeFileSync(path, parts.join(bug.replace));
  const isInChaos = !outsideChaos.test(bug.file);
  const finder = (isInChaos ? findByChaos() : undefined) ?? findByTests(bug.tests);
  writeFileSync(path, sound);
  console.log(`${finder ? "found " : "MISSED"}  ${bug.name.padEnd(nameWidth)}  ${finder ?? ""}`);
  return finder !== undefined;
}

/** The promise that was broken first, if any was. */
function findByChaos() {
  const chaos = ["bin/powlab.ts", "simulate", "chaos", "seeds", seeds, "--fail-fast"];
  const { status, stdout, stderr } = run(["--import", "tsx", ...chaos, "--quiet", "--json"]);
  if (status === 0) return undefined;
  if (status !== brokenPromise) throw new Error(`Chaos ended with code ${status}: ${stderr}`);
  const [{ outcome, shortest }] = JSON.parse(stdout).failures;
  const faults = `${shortest.length} of ${outcome.faults} faults`;
  return `chaos, seed ${outcome.seed}, ${faults}: ${outcome.failure.promise}`;
}

/** The name of the first test that fails. */
function findByTests(paths) {
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--bail", "1"];
  const { status, stdout } = run([...vitest, "--reporter", "json", ...paths]);
  if (status === 0) return undefined;
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{")));
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.find((result) => result.status === "failed");
  if (failed === undefined) throw new Error(`The tests in ${paths.join(", ")} do not run`);
  return `test: ${failed.fullName.trim()}`;
}

function run(parameters) {
  return spawnSync(process.execPath, parameters, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: Infinity,
    env: { ...process.env, NO_COLOR: "1" },
  });
}
