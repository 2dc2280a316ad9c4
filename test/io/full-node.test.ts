/** Starts a node on folders that it must refuse. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { chainKey, encodeChainRecord } from "../../src/chain/records.ts";
import { lab, regtest } from "../../src/consensus/params.ts";
import { openLevelStore } from "../../src/io/disk/level-store.ts";
import { startFullNode } from "../../src/io/full-node.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** What a node of the lab says of a folder whose chain begins with this block. */
async function refusalOf(genesis: string) {
  const root = temporaryFolder("powlab-folder");
  const folder = join(root, "node");
  const options = { params: lab, folder, name: "tested", listen: [], connect: [], threads: 0 };
  const store = await openLevelStore(join(folder, "chain"));
  const [hash, headers] = [genesis as BlockHash, 1];
  const value = encodeChainRecord({ genesis: hash, tip: hash, headers });
  const batch = [{ type: "put", key: chainKey, value }] as const;
  store.commit(batch);
  await store.persist(batch);
  await store.close();
  const refusals = [];
  // Twice: a refusal must leave the folder as it was, and free.
  for (let attempt = 0; attempt < 2; attempt++) {
    refusals.push(await startFullNode(options).then(() => "started", String));
  }
  expect(refusals[1]).toBe(refusals[0]);
  return { folder, refusal: refusals[0]! };
}

test.each(lab.formerGenesisHashes)("a folder of former rules is refused: %s", async (former) => {
  const { folder, refusal } = await refusalOf(former);
  expect(refusal).toContain(`The folder ${folder} holds a lab chain of former rules`);
  expect(refusal).toContain("Choose another folder with --data, or delete this one");
});

test("a folder of another network is refused", async () => {
  const { folder, refusal } = await refusalOf(regtest.genesisHash);
  expect(refusal).toContain(`The folder ${folder} holds another network's chain than lab`);
  expect(refusal).toContain("or the network with --network");
});
