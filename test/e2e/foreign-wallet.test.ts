/** A payment that @scure/btc-signer made, from POST to confirmed on another node. */

import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import * as scure from "@scure/btc-signer";
import { afterEach, expect, test } from "vitest";
import type { TransactionJson } from "../../src/contract/node-api.ts";
import { endAll, eventually, NodeProgram, temporaryFolder } from "./program.ts";

afterEach(endAll);

/** BIP86's mnemonic; the network is regtest, so the coin type is 1. */
const words =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const network = { ...scure.TEST_NETWORK, bech32: "bcrt" };

test("a payment by another wallet's library is mined and seen confirmed elsewhere", async () => {
  const key = HDKey.fromMasterSeed(mnemonicToSeedSync(words)).derive("m/86'/1'/0'/0/0");
  const internalKey = key.publicKey!.slice(1);
  const own = scure.p2tr(internalKey, undefined, network);
  const mining = ["--mine", own.address, "--threads", "1", "--hashrate", "200"];
  const regtest = ["--network", "regtest"];
  const miner = await NodeProgram.start(...regtest, "--data", temporaryFolder(), ...mining);
  const join = ["--connect", miner.address];
  const watcher = await NodeProgram.start(...regtest, "--data", temporaryFolder(), ...join);
  await eventually(async () => (await miner.height()) >= 101);

  const blockHash = await miner.get("/block-height/1");
  const coinbase = (JSON.parse(await miner.get(`/block/${blockHash}/txids`)) as string[])[0]!;
  const { vout } = JSON.parse(await miner.get(`/tx/${coinbase}`)) as TransactionJson;
  const amount = BigInt(vout[0]!.value);
  const payment = new scure.Transaction();
  const witnessUtxo = { script: own.script, amount };
  payment.addInput({ txid: coinbase, index: 0, witnessUtxo, tapInternalKey: internalKey });
  payment.addOutputAddress(own.address, amount - 1_000n, network);
  payment.sign(key.privateKey!);
  payment.finalize();

  const sent = await fetch(`${miner.ready.api}/tx`, { method: "POST", body: payment.hex });
  expect([sent.status, await sent.text()]).toEqual([200, payment.id]);
  await eventually(async () => {
    const text = await watcher.get(`/tx/${payment.id}`);
    return text.startsWith("{") && (JSON.parse(text) as TransactionJson).status.confirmed;
  });
  const seen = JSON.parse(await watcher.get(`/tx/${payment.id}`)) as TransactionJson;
  expect(seen).toMatchObject({ txid: payment.id, fee: 1_000, vin: [{ txid: coinbase, vout: 0 }] });
});
