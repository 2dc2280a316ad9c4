/** The tools that guard our habits: each rule complains about a planted fault, and only then. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const project = resolve(import.meta.dirname, "..");

describe("lint: the pure folders", () => {
  const eslint = new ESLint({
    cwd: project,
    overrideConfig: [tseslint.configs.disableTypeChecked],
  });

  /** What lint says about this code, if it stood at this path. */
  async function complaintsAbout(code: string, path: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: join(project, path) });
    return result!.messages.map((message) => message.message);
  }

  test.each([
    ["waits", "export const a = async () => 1;", "never waits"],
    ["waits in a loop", "for await (const a of []) String(a);", "never waits"],
    ["makes a promise", "export const a = Promise.resolve(1);", "never waits"],
    ["promises in a type", "export type A = Promise<number>;", "never waits"],
    ["asks the network", "export const a = fetch;", "never waits"],
    ["asks the time", "export const a = Date.now();", "asks no clock"],
    ["measures the time", "export const a = performance.now();", "asks no clock"],
    ["sleeps", "setTimeout(() => 1, 5);", "does not sleep"],
    ["repeats", "setInterval(() => 1, 5);", "does not sleep"],
    ["rolls dice", "export const a = Math.random();", "rolls no dice"],
    ["hides its dice", "export const { random } = Math;", "rolls no dice"],
    ["asks for random bytes", 'export { randomBytes } from "@noble/hashes/utils.js";', "rolls no"],
    ["asks the host's dice", "export const a = crypto.randomUUID();", "rolls no dice"],
    ["prints", 'console.log("a");', "does not print"],
    ["reads the environment", "export const a = process.env;", "where it runs"],
    ["takes the back door", "export const a = globalThis.name;", "where it runs"],
    ["imports from Node", 'export { readFileSync } from "node:fs";', "where it runs"],
    ["needs Node's bytes", "export const a = Buffer.alloc(1);", "Uint8Array"],
    ["sorts by language", 'export const a = "a".localeCompare("b");', "machine's language"],
  ])("a file that %s is refused there, and nowhere else", async (_, code, message) => {
    for (const folder of pureFolders) {
      const complaints = await complaintsAbout(code, `src/${folder}/planted.ts`);
      expect(complaints, folder).toEqual([expect.stringContaining(message)]);
    }
    expect(await complaintsAbout(code, "src/io/planted.ts")).toEqual([]);
  });

  test("a default export, an enum, a barrel, `any` and `!` are refused everywhere", async () => {
    const faults = [
      "export default 1;",
      "enum Colour { Red }\nexport type A = Colour;",
      'export * from "./a.ts";',
      "export const a: any = 1;",
      "export const a = (b: string | undefined) => b!;",
    ];
    for (const fault of faults) {
      expect(await complaintsAbout(fault, "src/lab/planted.ts"), fault).toHaveLength(1);
      expect(await complaintsAbout(fault, "src/chain/planted.ts"), fault).toHaveLength(1);
    }
  });

  test.each(["CheckedBlock", "PlacedBody", "PlacedBlock", "TipChange"])(
    "a %s is refused wherever it is only claimed, not checked",
    async (evidence) => {
      const claims = [
        `export const a = (b: object) => b as ${evidence};`,
        `export const a = (b: object[]) => b as readonly ${evidence}[];`,
        `export const a = (_b: object): _b is ${evidence} => true;`,
      ];
      const refused = [expect.stringContaining("Only the function that checks makes this")];
      for (const claim of claims) {
        const code = `import type { ${evidence} } from "./evidence.ts";\n${claim}`;
        expect(await complaintsAbout(code, "src/node/planted.ts"), claim).toEqual(refused);
        expect(await complaintsAbout(code, "src/io/planted.ts"), claim).toEqual(refused);
        expect(await complaintsAbout(code, "src/chain/chain.ts"), claim).toEqual([]);
      }
    },
  );

  test("an import is written once for a module, and packages stand above relatives", async () => {
    const node = 'import { join } from "node:path";';
    const own = 'import { a, type B } from "./a.ts";';
    const ownAgain = 'import { c } from "./a.ts";';
    const use = "export const d: B = join(a);";
    const path = "src/io/planted.ts";
    expect(await complaintsAbout(`${node}\n${own}\n\n${use}`, path)).toEqual([]);
    expect(await complaintsAbout(`${own}\n${node}\n\n${use}`, path)).toEqual([
      "Run autofix to sort these imports!",
    ]);
    const useBoth = "export const d: B = a(c);";
    expect(await complaintsAbout(`${own}\n${ownAgain}\n\n${useBoth}`, path)).toEqual([
      "'./a.ts' import is duplicated.",
    ]);
  });

  test("a function has 60 lines at most, a file 400", async () => {
    const body = (lines: number): string => "  b();\n".repeat(lines);
    const planted = (lines: number): string => `export function a() {\n${body(lines)}}\n`;
    const path = "src/io/planted.ts";
    expect(await complaintsAbout(planted(58), path)).toEqual([]);
    expect(await complaintsAbout(planted(59), path)).toEqual([
      expect.stringContaining("Function 'a' has too many lines (61)"),
    ]);
    expect(await complaintsAbout(planted(59), "test/io/planted.test.ts")).toEqual([]);
    expect(await complaintsAbout("//\n".repeat(400), path)).toEqual([]);
    expect(await complaintsAbout("//\n".repeat(401), path)).toEqual([
      expect.stringContaining("File has too many lines (401)"),
    ]);
  });

  test("`!` is fine in a test", async () => {
    const code = "export const a = (b: string | undefined) => b!;";
    expect(await complaintsAbout(code, "test/chain/planted.test.ts")).toEqual([]);
  });
});

describe("lint: rules that need types", () => {
  const eslint = new ESLint({ cwd: project });

  test.each([
    ["a promise nobody waits for", "const a = async () => 1;\na();", "no-floating-promises"],
    [
      "a switch that forgets a case",
      'declare const a: "b" | "c";\nswitch (a) {\n  case "b":\n    break;\n}',
      "switch-exhaustiveness-check",
    ],
    [
      "a type imported as a value",
      'import { Store } from "../chain/store.ts";\nexport type A = Store;',
      "consistent-type-imports",
    ],
  ])("%s is refused", async (_, code, rule) => {
    // The type checker wants a file that exists; its text is ours.
    const filePath = join(project, "vitest.config.ts");
    const [result] = await eslint.lintText(code, { filePath });
    expect(result!.messages.map((message) => message.ruleId)).toContain(
      `@typescript-eslint/${rule}`,
    );
  });
});

describe("layers", () => {
  test("every import against the drawing is refused by its own rule, every other is allowed", () => {
    const folder = plant({
      "package.json": JSON.stringify({
        dependencies: { "@noble/hashes": "1", express: "1" },
        devDependencies: { vitest: "1" },
      }),
      ...library("@noble/hashes"),
      ...library("express"),
      ...library("vitest"),
      ...library("stowaway"),

      "src/primitives/bytes.ts": imports("@noble/hashes"),
      "src/primitives/sealed.ts": imports("../consensus/rule.ts"),
      "src/consensus/rule.ts": imports("../primitives/bytes.ts"),
      "src/consensus/hasty.ts": imports("../chain/tree.ts"),
      "src/consensus/disk.ts": imports("node:fs"),
      "src/chain/tree.ts": imports("../consensus/rule.ts", "../primitives/bytes.ts"),
      "src/chain/server.ts": imports("express"),
      "src/mempool/pool.ts": imports("../chain/tree.ts"),
      "src/mempool/gossip.ts": imports("../peers/table.ts"),
      "src/peers/table.ts": imports("../chain/tree.ts"),
      "src/peers/waiting.ts": imports("../mempool/pool.ts"),
      "src/node/node.ts": imports("../mempool/pool.ts", "../peers/table.ts", "../chain/tree.ts"),
      "src/node/mallory.ts": imports("../attacks/withhold.ts"),
      "src/attacks/withhold.ts": imports("../node/node.ts"),
      "src/attacks/live.ts": imports("../io/socket.ts"),
      "src/io/socket.ts": imports("../node/node.ts", "../contract/node-api.ts", "express"),
      "src/io/twin.ts": imports("../sim/world.ts"),
      "src/io/lonely.ts": imports("stowaway"),
      "src/io/tested.ts": imports("vitest"),
      "src/io/lost.ts": imports("./nowhere.ts"),
      "src/io/circle.ts": imports("./circle-back.ts"),
      "src/io/circle-back.ts": "import type { a } from './circle.ts';\nexport type B = typeof a;",
      "src/io/utils.ts": imports(),
      "src/io/drawer.ts": imports("./utils.ts"),
      "src/io/command.ts": imports("../../bin/powlab.ts"),
      "src/io/queries/blocks.ts": imports("../../chain/tree.ts", "../disk.ts"),
      "src/io/queries/worded.ts": imports("../http/answer.ts"),
      "src/io/queries/shaped.ts": imports("../../contract/node-api.ts"),
      "src/io/queries/routed.ts": imports("express"),
      "src/io/http/answer.ts": imports("../queries/blocks.ts", "../../contract/node-api.ts"),
      "src/io/disk.ts": imports("node:fs"),
      "src/sim/world.ts": imports("../node/node.ts", "../attacks/withhold.ts"),
      "src/sim/leak.ts": imports("../io/socket.ts"),
      "src/sim/engine/host.ts": imports("../../primitives/bytes.ts", "./clock.ts"),
      "src/sim/engine/clock.ts": imports(),
      "src/sim/engine/expert.ts": imports("../../node/node.ts"),
      "src/sim/engine/local.ts": imports("../chain-world/world.ts"),
      "src/sim/chain-world/world.ts": imports("../engine/host.ts", "../../node/node.ts"),
      "src/experiments/race.ts": imports("../sim/world.ts", "../theory/closed-form.ts"),
      "src/theory/closed-form.ts": imports(),
      "src/theory/practice.ts": imports("../primitives/bytes.ts"),
      "src/lab/lab.ts": imports("../io/socket.ts", "../sim/world.ts", "../contract/node-api.ts"),
      "src/wallet/keys.ts": imports("../primitives/bytes.ts", "../contract/node-api.ts", "node:fs"),
      "src/wallet/insider.ts": imports("../chain/tree.ts"),
      "src/dashboard/page.ts": imports("../contract/node-api.ts"),
      "src/dashboard/insider.ts": imports("../primitives/bytes.ts"),
      "src/contract/node-api.ts": imports("../primitives/bytes.ts"),
      "src/attic/box.ts": imports("../primitives/bytes.ts"),
      "bin/powlab.ts": imports("../src/lab/lab.ts", "../src/wallet/keys.ts", "node:fs"),
      "bin/cheat.ts": imports("../test/twin.ts"),
      "test/twin.ts": imports("../src/sim/world.ts"),
    });

    expect(violationsIn(folder)).toEqual(
      [
        "src/primitives/sealed.ts: layer-of-primitives",
        "src/consensus/hasty.ts: layer-of-consensus",
        "src/consensus/disk.ts: pure-knows-no-host",
        "src/chain/server.ts: pure-libraries",
        "src/mempool/gossip.ts: layer-of-mempool",
        "src/peers/waiting.ts: layer-of-peers",
        "src/node/mallory.ts: layer-of-node",
        "src/attacks/live.ts: layer-of-attacks",
        "src/io/twin.ts: layer-of-io",
        "src/io/lonely.ts: no-undeclared-library",
        "src/io/tested.ts: no-development-library",
        "src/io/lost.ts: no-missing-import",
        "src/io/circle-back.ts: no-circle",
        "src/io/drawer.ts: no-drawer-name",
        "src/io/command.ts: nothing-imports-bin",
        "src/io/queries/worded.ts: queries-know-no-door",
        "src/io/queries/shaped.ts: queries-know-no-door",
        "src/io/queries/routed.ts: queries-know-no-door",
        "src/sim/leak.ts: layer-of-sim",
        "src/sim/engine/expert.ts: engine-knows-no-chain",
        "src/sim/engine/local.ts: engine-knows-no-chain",
        "src/theory/practice.ts: layer-of-theory",
        "src/wallet/insider.ts: layer-of-wallet",
        "src/dashboard/insider.ts: layer-of-dashboard",
        "src/attic/box.ts: room-without-layer",
        "bin/cheat.ts: no-test-in-program",
      ].sort(),
    );
  });
});

describe("folders", () => {
  test("those that need each other are refused: neighbours, parent and child, a longer circle", () => {
    const folder = plant({
      "src/io/runner.ts": imports("./disk/store.ts"),
      "src/io/clock.ts": imports(),
      "src/io/disk/store.ts": imports("../clock.ts"),

      "src/lab/nodes/member.ts": imports("../money/coin.ts"),
      "src/lab/money/coin.ts": imports(),
      "src/lab/money/payer.ts": imports("../nodes/list.ts"),
      "src/lab/nodes/list.ts": imports(),

      "src/sim/faults/fault.ts": imports("../checks/check.ts"),
      "src/sim/checks/check.ts": imports("../crowd/relay.ts"),
      "src/sim/crowd/relay.ts": imports("../faults/schedule.ts"),
      "src/sim/faults/schedule.ts": imports(),
    });
    expect(circlesIn(folder)).toEqual([
      "src/io/disk/store.ts → src/io/clock.ts",
      "src/io/runner.ts → src/io/disk/store.ts",
      "src/lab/money/payer.ts → src/lab/nodes/list.ts",
      "src/lab/nodes/member.ts → src/lab/money/coin.ts",
      "src/sim/checks/check.ts → src/sim/crowd/relay.ts",
      "src/sim/crowd/relay.ts → src/sim/faults/schedule.ts",
      "src/sim/faults/fault.ts → src/sim/checks/check.ts",
    ]);
  });

  test("a folder may need others above, below and beside it", () => {
    const folder = plant({
      "src/io/full-node.ts": imports("./http/app.ts", "./disk/store.ts"),
      "src/io/http/app.ts": imports("../disk/store.ts", "./v1/route.ts"),
      "src/io/http/v1/route.ts": imports("../../disk/store.ts", "../../../node/node.ts"),
      "src/io/disk/store.ts": imports(),
      "src/node/node.ts": imports(),
    });
    expect(circlesIn(folder)).toEqual([]);
  });
});

test("every file of the program says in its first line what it is for", () => {
  const silent = ["src", "bin"]
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: "utf8" }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .filter((path) => !/^(#!.*\n)?\s*\/[/*]/.test(readFileSync(join(project, path), "utf8")));
  expect(silent).toEqual([]);
});

const pureFolders = [
  ...["machine", "primitives", "theory", "consensus", "chain", "indexes", "mempool", "peers"],
  ...["node", "attacks", "protocols", "checkers", "explorer", "sim", "experiments", "contract"],
];

function imports(...specifiers: string[]): string {
  const lines = specifiers.map((specifier) => `import ${JSON.stringify(specifier)};`);
  return [...lines, "export const a = 1;"].join("\n");
}

/** A library as npm would have installed it. */
function library(name: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "main.js" }),
    [`node_modules/${name}/main.js`]: "",
  };
}

/** Writes these files to a temporary folder and returns it. */
function plant(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** "file: rule" for each violation, sorted. */
function violationsIn(folder: string): string[] {
  const violations: { from: string; rule: { name: string } }[] = JSON.parse(reportOf(folder))
    .summary.violations;
  return violations.map(({ from, rule }) => `${from}: ${rule.name}`).sort();
}

/** "file → file" for each import that is part of a circle of folders, sorted. */
function circlesIn(folder: string): string[] {
  const report = join(folder, "report.json");
  writeFileSync(report, reportOf(folder));
  const program = join(project, "test/folder-circles.mjs");
  const { stderr, status } = spawnSync(process.execPath, [program, report], { encoding: "utf8" });
  const circles = [...stderr.matchAll(/^no-circle-of-folders: (.*)$/gm)].map(([, files]) => files!);
  expect(status).toBe(circles.length === 0 ? 0 : 1);
  return circles;
}

/** What dependency-cruiser says of the files there, as JSON. */
function reportOf(folder: string): string {
  const program = join(project, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(project, ".dependency-cruiser.cjs");
  const parts = ["src", "bin", "test"].filter((part) => existsSync(join(folder, part)));
  const options = ["--config", config, "--output-type", "json", ...parts];
  return spawnSync(process.execPath, [program, ...options], { cwd: folder, encoding: "utf8" })
    .stdout;
}
