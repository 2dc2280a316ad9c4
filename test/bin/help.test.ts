/** Checks the help of every command: its words, its width, and that its examples are commands. */

import type { Command } from "commander";
import { describe, expect, test, vi } from "vitest";
import { createProgram, withDefaultCommand } from "../../bin/program.ts";
import { benchmarks } from "../bench/benchmarks.ts";
import { examplesIn, helpOf, wordsOf } from "./help-text.ts";

/** The command and all below it, but for hidden ones and commander's own `help`. */
function commandsBelow(command: Command): readonly Command[] {
  const visible = command.createHelp().visibleCommands(command);
  const own = visible.filter((each) => each.name() !== "help");
  return [command, ...own.flatMap(commandsBelow)];
}

function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

/** The same commands, which do nothing when they are found. */
async function createIdleProgram(): Promise<Command> {
  const program = await createProgram("all");
  for (const command of commandsBelow(program)) {
    command.action(() => undefined).configureOutput({ outputError: () => undefined });
  }
  return program;
}

/** Riddles, and words that mean something else in the field. */
const bannedWords = [
  ...["what chance decides", "by lot", "on paper", "so it is, too", "is what the network makes"],
  ...["odds", "plot", "curtain", "cast", "stage", "muddle", "clog", "betray"],
  ...["pocket", "eyes only", "only who finds", "calm people", "for real"],
];

const commands = commandsBelow(await createProgram("all"));
const named = commands.map((command) => ({ name: nameOf(command), command }));
const widthMax = 100;

describe.each(named)("$name", ({ name, command }) => {
  const help = helpOf(command);

  test("says what it does", () => {
    expect(command.description()).not.toBe("");
  });

  test("has lines that fit a terminal", () => {
    expect(help.split("\n").filter(({ length }) => length > widthMax)).toEqual([]);
  });

  test("speaks plainly", () => {
    const found = bannedWords.filter((word) => new RegExp(`\\b${word}\\b`, "i").test(help));
    expect(found).toEqual([]);
  });

  test("has an example of itself, and only examples that are commands", async () => {
    const examples = examplesIn(help);
    expect(examples.some((example) => example.includes(name))).toBe(true);
    const program = await createIdleProgram();
    for (const example of examples) {
      const words = withDefaultCommand(wordsOf(example));
      await expect(program.parseAsync(words, { from: "user" }), example).resolves.toBeDefined();
    }
  });
});

test("powlab bench names all benchmarks", () => {
  const bench = commands.find((command) => command.name() === "bench");
  const names = benchmarks.map(({ name }) => name).join(", ");
  expect(helpOf(bench as Command).replaceAll(/\s+/g, " ")).toContain(`The names: ${names}.`);
});

test.each([
  ["an unknown command", "powlab experiment no-such-thing"],
  ["an unknown option", "powlab simulate double-spend --sed 7"],
  ["a value out of bounds", "powlab experiment double-spend --share 30"],
  ["an argument that is missing", "powlab chain block"],
  ["one argument too many", "powlab chain tip 7"],
])("an example with %s would be found", async (_what, example) => {
  const program = await createIdleProgram();
  await expect(program.parseAsync(wordsOf(example), { from: "user" })).rejects.toThrow();
});

describe("a wrong option", () => {
  async function saidOf(...words: readonly string[]): Promise<string> {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      const program = await createProgram("all");
      await expect(program.parseAsync(words, { from: "user" })).rejects.toThrow();
      return stderr.mock.calls.map(([text]) => String(text)).join("");
    } finally {
      stderr.mockRestore();
    }
  }

  test.each([
    ["wallet", "new", "--words", "13"],
    ["wallet", "history", "--limit", "-1"],
    ["mine", "hashrate", "fast"],
    ["lab", "--share", "mallory=60"],
    ["lab", "--nodes", "1.5"],
    ["replay", "file", "--api-port", "x"],
    ["simulate", "chaos", "seeds", "9..1"],
    ["simulate", "selfish-mining", "--stubborn", "much"],
    ["experiment", "double-spend", "--premine", "2"],
    ["experiment", "stale", "table", "--delay", "1"],
    ["lab", "--nods", "3"],
  ])("is answered with one full stop: %s %s %s %s", async (...words) => {
    const [sentences = "", advice] = (await saidOf(...words)).split(" Each command explains ");
    expect(advice).toBe("itself with --help.\n");
    expect(sentences).toMatch(/[^.]\.$/);
  });

  test("that is a command now is answered with it, and keeps its value", async () => {
    const program = await createProgram("all");
    const typed = program.parseAsync(["simulate", "chaos", "--seeds", "1..9"], { from: "user" });
    await expect(typed).rejects.toThrow("Type: powlab simulate chaos seeds 1..9");
  });

  test("says which values are right", async () => {
    const said = await saidOf("simulate", "selfish-mining", "--stubborn", "much");
    expect(said).toContain("It must be a list with commas of lead, equal-fork and trail-1 to");
  });
});
