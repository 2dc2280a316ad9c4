/** Files of a node that were emptied, cut or overwritten: each is named with the way out. */

import { cp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { startFullNode } from "../../src/io/full-node.ts";
import { isIdentity, newIdentity } from "../../src/io/p2p/network.ts";
import { identityOf } from "../../src/lab/nodes/keys.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { FullNodeScene } from "./full-node-scene.ts";

/** What a node leaves that has stopped, with some blocks; each test damages a copy. */
let left: string;

async function start(folder: string, warnings: string[] = []): Promise<FullNodeScene> {
  const full = await startFullNode({
    params: regtest,
    folder,
    name: "damaged",
    listen: [],
    connect: [],
    threads: 0,
    onWarning: ({ message }) => warnings.push(message),
  });
  return new FullNodeScene({ full });
}

beforeAll(async () => {
  left = join(temporaryFolder(), "node");
  const scene = await start(left);
  for (let i = 0; i < 3; i++) await scene.mine();
  await scene.full.stop();
  // A holder that is gone, as a crash leaves it.
  await writeFile(join(left, "powlab.lock"), '{"process":999999999,"since":"","command":""}\n');
});

const damages = {
  emptied: (file: string) => truncate(file, 0),
  cut: async (file: string) => truncate(file, Math.floor((await readFile(file)).length / 2)),
  overwritten: (file: string) => writeFile(file, "not what was written here\n".repeat(9)),
} as const;
type Damage = keyof typeof damages;

/** The first file in the folder of that name; `MANIFEST` stands for the one with its number. */
async function fileNamed(folder: string, name: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const found = names.find((path) => basename(path).startsWith(name));
  if (found === undefined) throw new Error(`there is no ${name} in ${names.join(", ")}`);
  return join(folder, found);
}

/** What a start says of the damage: its error, or its warnings if it starts. */
async function startWith(name: string, damage: Damage) {
  const folder = join(temporaryFolder(), "node");
  await cp(left, folder, { recursive: true });
  const file = await fileNamed(folder, name);
  await damages[damage](file);
  const warnings: string[] = [];
  try {
    const { full } = await start(folder, warnings);
    const { height } = full.node.chain.tip;
    await full.stop();
    return { file, height, said: warnings };
  } catch (error) {
    return { file, height: undefined, said: [(error as Error).message] };
  }
}

const kinds = Object.keys(damages) as Damage[];

describe.each(["identity", "token", "CURRENT", "MANIFEST"])("a damaged %s", (name) => {
  test.each(kinds)("that was %s ends the start with a sentence that names it", async (damage) => {
    const { file, height, said } = await startWith(name, damage);
    expect(height).toBeUndefined();
    expect(said[0]).toContain(basename(file));
    expect(said[0]).toMatch(/damaged.*[Dd]elete/);
    expect(said[0]).toMatch(/[^.]\.$/);
  });
});

test.each(kinds)("a mempool that was %s costs nothing but what waited", async (damage) => {
  const { file, height, said } = await startWith("mempool", damage);
  expect(height).toBe(3);
  expect(said).toEqual([expect.stringContaining(`The saved mempool ${file} `)]);
});

test.each(kinds)("a lock of a process that is gone, and was %s, is taken over", async (damage) => {
  expect(await startWith("powlab.lock", damage)).toMatchObject({ height: 3, said: [] });
});

test("an identity whose halves do not belong together is no identity", async () => {
  const whole = newIdentity();
  expect(isIdentity(whole)).toBe(true);
  expect(isIdentity(await identityOf("seed", "alice"))).toBe(true);
  for (let at = 0; at < whole.length; at++) {
    expect(isIdentity(whole.with(at, whole[at]! ^ 1)), `changed at ${at}`).toBe(false);
  }
});
