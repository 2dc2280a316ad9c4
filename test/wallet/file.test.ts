/** The wallet file: only its password opens it, and nothing overwrites it. */

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import {
  createWalletFile,
  openWalletFile,
  readWalletSummary,
  requireNoWallet,
  WalletFileError,
} from "../../src/wallet/file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const words = "these are twelve words that only their owner may see and nobody else";

let folder: string;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "wallets", "mine.json");
});

function create(password: string): Promise<void> {
  return createWalletFile(file, { words, network: "lab", password });
}

async function faultOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WalletFileError)) return String(error);
  expect(error.message).toContain(file);
  return error.fault;
}

test("its password opens it, typed in any form of Unicode", async () => {
  await create("pass\u00e9");
  expect(await openWalletFile(file, "passe\u0301")).toBe(words);
  expect(await readWalletSummary(file)).toEqual({ network: "lab", isProtected: true });
});

test("another password does not", async () => {
  await create("right");
  expect(await faultOf(openWalletFile(file, "wrong"))).toBe("wrong-password");
  expect(await faultOf(openWalletFile(file, ""))).toBe("wrong-password");
});

test("no word can be read in it, and only its owner can read it", async () => {
  await create("");
  const text = await readFile(file, "utf8");
  for (const word of words.split(" ").filter(({ length }) => length > 5)) {
    expect(text).not.toContain(word);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "wallets"))).mode & 0o777).toBe(0o700);
});

test("a second wallet in its place is refused, and no draft stays behind", async () => {
  await requireNoWallet(file);
  await create("");
  const before = await readFile(file);
  expect(await faultOf(requireNoWallet(file))).toBe("exists");
  expect(await faultOf(create("other"))).toBe("exists");
  expect(await readFile(file)).toEqual(before);
  expect(await readdir(join(folder, "wallets"))).toEqual(["mine.json"]);
});

test("any change to it is noticed", async () => {
  await create("");
  const original = await readFile(file, "utf8");
  const { cipher } = JSON.parse(original);
  const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
  const changes = [
    original.replace('"lab"', '"main"'),
    original.replace('"isProtected": false', '"isProtected": true'),
    ...[cipher.text, cipher.tag, cipher.nonce].map((hex) => original.replace(hex, flipped(hex))),
  ];
  for (const changed of changes) {
    expect(changed).not.toBe(original);
    await writeFile(file, changed);
    expect(await faultOf(openWalletFile(file, ""))).toBe("wrong-password");
  }
});

test("a file that is absent or something else is named as such", async () => {
  expect(await faultOf(openWalletFile(file, ""))).toBe("absent");
  await create("");
  const original = await readFile(file, "utf8");
  const others = [
    "",
    "{}",
    original.slice(0, -10),
    original.replace('"version": 1', '"version": 2'),
    original.replace(/"cost": \d+/, '"cost": 1073741824'),
  ];
  for (const other of others) {
    await writeFile(file, other);
    expect(await faultOf(readWalletSummary(file))).toBe("malformed");
  }
});
