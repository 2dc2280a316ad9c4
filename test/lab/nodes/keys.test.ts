/** The secrets that follow from a lab's seed. */

import { expect, test } from "vitest";
import { lab } from "../../../src/consensus/params.ts";
import { peerIdOf } from "../../../src/io/p2p/identity.ts";
import { NodeWallet } from "../../../src/lab/money/node-wallet.ts";
import { identityOf, wordsOf } from "../../../src/lab/nodes/keys.ts";
import { parseWords } from "../../../src/wallet/keys.ts";

test("a seed gives each node its own words and its own identity, again and again", async () => {
  const people = ["alice", "bob"];
  const words = people.map((name) => wordsOf("1", name));
  const peers = await Promise.all(
    people.map(async (name) => peerIdOf(await identityOf("1", name))),
  );
  expect(new Set(words).size).toBe(2);
  expect(new Set(peers).size).toBe(2);
  expect(people.map((name) => wordsOf("1", name))).toEqual(words);
  expect(peerIdOf(await identityOf("1", "alice"))).toBe(peers[0]);
  expect(wordsOf("2", "alice")).not.toBe(words[0]);
  expect(peerIdOf(await identityOf("2", "alice"))).not.toBe(peers[0]);
});

test("the words are BIP39's, and the address is the lab's", () => {
  expect(parseWords(wordsOf("1", "alice")).ok).toBe(true);
  expect(new NodeWallet("1", "alice", lab).key.address).toMatch(/^pow1p/);
});
