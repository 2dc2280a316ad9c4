/** What a wallet remembers: no change is lost between processes, and no coin is spent twice. */

import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { NodeClient, NodeRefusedError } from "../../src/wallet/client.ts";
import {
  coinsInUse,
  emptyJournal,
  heldMs,
  type JournalContent,
  withAddress,
  withPayment,
} from "../../src/wallet/journal.ts";
import { JournalFile } from "../../src/wallet/journal-file.ts";
import { Account, createWords } from "../../src/wallet/keys.ts";
import type { OwnCoin } from "../../src/wallet/payment.ts";
import { Wallet } from "../../src/wallet/wallet.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const coin = 100_000_000;
const nobody = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 }).script;

let file: string;

beforeEach(() => {
  file = join(temporaryFolder(), "wallet.journal");
});

function coinNamed(digit: number): OwnCoin {
  const point = { txid: `${digit}`.repeat(64), index: digit } as OwnCoin["point"];
  const place = { use: "receiving", index: 0 } as const;
  return { point, value: coin as Satoshi, script: nobody, place };
}

describe("a journal", () => {
  test("keeps every change, of however many who write at once", async () => {
    const writers = Array.from({ length: 12 }, () => new JournalFile(file));
    const change = (writer: number) => (content: JournalContent) => ({
      content: withPayment(content, `${writer}`, [coinNamed(writer % 10)], Date.now()),
      answer: content.payments.length,
    });
    const before = await Promise.all(writers.map((each, i) => each.change(change(i))));
    expect([...before].sort((a, b) => a - b)).toEqual(writers.map((_, i) => i));
    const { payments } = await new JournalFile(file).read();
    expect(new Set(payments.map(({ id }) => id)).size).toBe(writers.length);
  });

  test("is not blocked by a lock that a dead process left", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(`${file}.lock`, `${pid} of a process that has ended`);
    const journal = new JournalFile(file);
    expect(await journal.change((content) => ({ content, answer: "changed" }))).toBe("changed");
  });

  test("that is damaged is named, with what to do", async () => {
    await writeFile(file, '{"payments": [');
    await expect(new JournalFile(file).read()).rejects.toThrow(
      /wallet\.journal is damaged.*delete/,
    );
  });

  test("remembers at most a thousand addresses, each once", () => {
    let content: JournalContent | undefined = emptyJournal;
    for (let index = 20; index < 1_020; index++) content = withAddress(content!, index);
    expect(withAddress(content!, 20)).toBe(content);
    expect(withAddress(content!, 1_020)).toBeUndefined();
  });

  test("holds coins for ten minutes and no longer, also if the clock is set back", () => {
    const content = withPayment(emptyJournal, "one", [coinNamed(1)], 1_000_000);
    const held = (nowMs: number) => coinsInUse(content, nowMs).size;
    expect([1_000_000, 1_000_000 + heldMs - 1].map(held)).toEqual([1, 1]);
    expect([1_000_000 + heldMs, 999_999].map(held)).toEqual([0, 0]);
  });
});

describe("two wallets of one account", () => {
  let node: RegtestNode;
  let client: NodeClient;
  let account: Account;
  let wallets: readonly [Wallet, Wallet];

  beforeAll(async () => {
    node = await startRegtestNode();
    client = new NodeClient(node.api);
  });

  afterAll(() => node.stop());

  beforeEach(async () => {
    account = new Account(createWords(), regtest);
    wallets = [
      new Wallet(account, client, { journal: new JournalFile(file) }),
      new Wallet(account, client, { journal: new JournalFile(file) }),
    ];
    await node.mine(1, account.keyAt({ use: "receiving", index: 0 }).script);
    await node.mine(100, nobody);
  });

  test("that send at once with different fee rates do not both spend one coin", async () => {
    const amount = coin as Satoshi;
    const sent = await Promise.all([
      wallets[0].pay({ script: nobody, amount, feeRate: 2 }),
      wallets[1].pay({ script: nobody, amount, feeRate: 20 }),
    ]);
    for (const payment of sent) {
      if (!payment.ok) throw new Error(payment.problem.rule);
      const { state } = await client.transactionOutcome(payment.value.txid);
      expect(state).toBe("waiting");
    }
  });

  test("may use coins again that a refused payment held", async () => {
    const tooLittle = wallets[0].pay({ script: nobody, amount: coin as Satoshi, feeRate: 0.001 });
    await expect(tooLittle).rejects.toBeInstanceOf(NodeRefusedError);
    expect((await new JournalFile(file).read()).payments).toEqual([]);
    const second = await wallets[1].pay({ script: nobody, amount: coin as Satoshi });
    expect(second).toMatchObject({ ok: true });
  });
});
