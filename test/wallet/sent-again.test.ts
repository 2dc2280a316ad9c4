/** What a wallet sent is sent again to a node that lost it, and forgotten when it is settled. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { NodeClient } from "../../src/wallet/client.ts";
import { MemoryJournal } from "../../src/wallet/journal.ts";
import { Account, createWords } from "../../src/wallet/keys.ts";
import { Wallet } from "../../src/wallet/wallet.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const nobody = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 }).script;

let node: RegtestNode;
let client: NodeClient;

beforeEach(async () => {
  node = await startRegtestNode();
  client = new NodeClient(node.api);
});

afterEach(() => node.stop());

test("a payment that a node lost is sent again until it is deep enough", async () => {
  const account = new Account(createWords(), regtest);
  const journal = new MemoryJournal();
  const wallet = new Wallet(account, client, { journal });
  await node.mine(1, account.keyAt({ use: "receiving", index: 0 }).script);
  await node.mine(100, nobody);

  // A node that takes a payment and has forgotten it when it is asked again.
  class ForgetfulClient extends NodeClient {
    readonly taken: string[] = [];
    override sendTransaction(hex: string): Promise<Txid> {
      this.taken.push(hex);
      return Promise.resolve("ab".repeat(32) as Txid);
    }
  }
  const forgetful = new ForgetfulClient(node.api);
  const away = new Wallet(account, forgetful, { journal });
  const paid = await away.pay({ script: nobody, amount: 1_000 as Satoshi, feeRate: 2 });
  if (!paid.ok) throw new Error(paid.problem.rule);
  const { txid } = paid.value;
  await expect(client.transactionOutcome(txid)).rejects.toMatchObject({ status: 404 });

  await wallet.look();
  expect(await client.transactionOutcome(txid)).toMatchObject({ state: "waiting" });
  await node.mine(5, nobody);
  await wallet.look();
  expect((await journal.read()).sent).toHaveLength(1);
  await node.mine(1, nobody);
  await wallet.look();
  expect((await journal.read()).sent).toEqual([]);
});
