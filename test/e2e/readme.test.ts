/** README's tour, followed in order by a reader with a terminal for each program. */

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environment, project, temporaryFolder } from "./program.ts";
import { formOf, readTour, type Shown } from "./readme.ts";
import { closeTerminals, hasTerminals, Terminal } from "./terminal.ts";

const built = join(project, "dist/bin/powlab.js");
const tour = readTour();
const followed = new Set<number>();
/** The folder in which the reader types. */
const cwd = temporaryFolder();
let env: NodeJS.ProcessEnv;
let lab: Terminal;

/** `npm start` and `npx powlab` without npm's own second: each runs the built program. */
beforeAll(() => {
  if (!existsSync(built)) throw new Error("powlab was never built: `npm run build` makes it.");
  const { bin, scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect([bin.powlab, scripts.start]).toEqual(["dist/bin/powlab.js", "node dist/bin/powlab.js"]);
  const commands = join(cwd, "commands");
  mkdirSync(commands);
  for (const name of ["npm", "npx"]) {
    const file = join(commands, name);
    writeFileSync(file, `#!/bin/sh\nshift\nexec "${process.execPath}" "${built}" "$@"\n`);
    chmodSync(file, 0o755);
  }
  const path = `${commands}${delimiter}${process.env["PATH"] ?? ""}`;
  env = { ...environment(), PATH: path, HOME: cwd, TERM: "xterm" };
});

afterAll(closeTerminals);

/** A reader whose port 8477 is taken sees at which one the page is. */
function portOf(terminal: Terminal): string {
  return /http:\/\/127\.0\.0\.1:(\d+)/.exec(terminal.output)?.[1] ?? "8477";
}

function begin(command: string): Terminal {
  const typed = command.replaceAll("localhost:8477", `localhost:${lab ? portOf(lab) : ""}`);
  return new Terminal(typed, { env, cwd, answers: [[/[Pp]assword.*: $|again: $/, "secret"]] });
}

/** Types a command and waits for its end. */
async function run(command: string): Promise<string> {
  const terminal = begin(command);
  const code = await terminal.ended;
  expect([code, terminal.output]).toEqual([0, expect.any(String)]);
  return terminal.output;
}

/** Types a command of a program that goes on, and waits until it shows this. */
async function open(command: string, shown: RegExp): Promise<Terminal> {
  const terminal = begin(command);
  await terminal.shows(shown);
  return terminal;
}

/** Lines of README that need not come in each run, as a race goes otherwise. */
const random = /fork at|race: |publishes|the shop (sees: (paid|the payment is gone)|delivers)/;
const reversed = /REVERSED|Payment [AB]|The secret branch|All nodes left/;

/** Whether all lines that README shows come, in that order, in their form. */
function expectForm(output: string, { output: shown }: Shown): void {
  const hasReversed = output.includes("REVERSED:");
  const lines = output.split("\n");
  let from = 0;
  for (const line of shown) {
    if (line.trim() === "" || random.test(line) || (!hasReversed && reversed.test(line))) continue;
    const at = lines.findIndex((each, i) => i >= from && formOf(line).test(each));
    expect(at, `README shows "${line}", and the program:\n${output}`).toBeGreaterThanOrEqual(0);
    from = at; // several lines of README may have one form
  }
}

/** The commands of a step, in order; each is asked for once. */
function stepOf(number: number): () => Shown {
  followed.add(number);
  const left = [...(tour.get(number) ?? [])];
  return () => left.shift() ?? { command: "false", output: [] };
}

describe.skipIf(!hasTerminals)("README's tour", () => {
  test("1. a network", async () => {
    const start = stepOf(1)();
    expect(start.command).toBe("npm start");
    lab = await open(start.command, /#\d+ .* agree/);
    expectForm(lab.output, start);
  });

  test("2. a payment is taken back", async () => {
    const attack = stepOf(2)();
    expectForm(await run(attack.command), attack);
  });

  test("3. the API answers", async () => {
    const next = stepOf(3);
    expect(await run(next().command)).toMatch(/^\d+$/m);
    expect(await run(next().command)).toMatch(/[0-9a-f]{64}/);
    expect(await run(next().command)).toMatch(/"status":"active"/);
    const events = await open(next().command, /^data: \{/m);
    await events.interrupt();
    expect(await run(next().command)).toMatch(/^ *\d+ {2}[0-9a-f]{64} .* active$/m);
  });

  test("4. it is seen again", async () => {
    expect(await lab.interrupt()).toBe(0);
    const [, named = ""] = /next: powlab replay (\S+)\n/.exec(lab.output) ?? [];
    const next = stepOf(4);
    const list = await run(next().command);
    expect(list).toMatch(/^when +seed +nodes +blocks +attack or protocol +timeline$/m);
    expect(list).toMatch(/ 1 +6 +\d+ +double-spend: (reversed|failed) /);
    expect(list).toContain(named);
    const replay = await open(next().command, /➜ {2}Replay/);
    expect(replay.output).toContain(`powlab export ${named} --html`);
    expect(await replay.interrupt()).toBe(0);
    expect(await run(next().command)).toContain("run.html plays ");
    expect(existsSync(join(cwd, "run.html"))).toBe(true);
  });

  test("5. the same in virtual time", async () => {
    const next = stepOf(5);
    expect(await run(next().command)).toMatch(/ s +(reversed|failed): /);
    expect(await run(next().command)).toMatch(/heal/);
  });

  test("6. nodes of one's own, and an attack on them", async () => {
    const next = stepOf(6);
    expect(await run(next().command)).toMatch(/^(\w+ ){11}\w+$/m);
    const alice = await open(next().command, /next +powlab node/);
    const bob = await open(next().command, /next +powlab mine/);
    expect(bob.output).toContain("joining alice at /ip4/127.0.0.1/tcp/");
    const balance = next().command;
    while (!/^confirmed +[1-9]/m.test(await run(balance))); // until the first coins are mature
    expect(await run(next().command)).toMatch(/^[0-9a-f]{64}$/m);
    expect(await run(next().command)).toMatch(/12D3Koo\w+ +\w+ +\d+/);
    expect(await run(next().command)).toMatch(/ active$/m);
    await alice.shows(/ block (1[3-9]|[2-9]\d|\d{3}) /); // enough to see how fast she is
    expect(await run(next().command)).toMatch(/^ {2}(REVERSED|FAILED): /m);
    expect(await Promise.all([alice.interrupt(), bob.interrupt()])).toEqual([0, 0]);
  }, 240_000);

  test("has no further step", () => {
    expect([...tour.keys()]).toEqual([...followed]);
  });
});

test("a line has the form of another one with other numbers, hashes and names only", () => {
  const shown = formOf("  00:00:10  #14  alice     000155…f6c3  work 2^15.5  1/6 agree");
  expect(shown.test("  00:01:07  #8  bob  0a01ff…f6c3  work 2^9  6/6 agree")).toBe(true);
  expect(shown.test("  00:01:07  #8  bob  0a01ff…f6c3  work 2^9  6/6 honest")).toBe(false);
  expect(formOf("had 2 confirmations (/tmp/powlab-lab-a1B2c3/x)").test("had 1 block")).toBe(false);
});

test("every command of the tour is followed", () => {
  expect([...tour.values()].map((commands) => commands.length)).toEqual([1, 1, 5, 3, 2, 8]);
});
