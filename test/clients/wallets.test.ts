/** Wallets' libraries from npm, unmodified, against one regtest lab that all tests share. */

import { DiscoveryFactory } from "@bitcoinerlab/discovery";
import { EsploraExplorer } from "@bitcoinerlab/explorer";
import * as bitcoin from "bitcoinjs-lib";
import { EventSource } from "eventsource";
import * as ecc from "tiny-secp256k1";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lab } from "../../bin/package.ts";
import type { AddressJson, CoinJson, EventJson } from "../../src/contract/node-api.ts";
import { openBdk } from "./bitcoindevkit.ts";
import { ClientLab, payment, shop, unknownId } from "./client-lab.ts";

const { regtest } = bitcoin.networks;

type Explorer = Parameters<typeof DiscoveryFactory>[0];

let scene: ClientLab;
let lab: Lab;

beforeAll(async () => {
  bitcoin.initEccLib(ecc);
  scene = await ClientLab.open({ nodes: 2, seed: "clients" });
  lab = scene.lab;
});

afterAll(() => lab.close());

test("BDK scans, pays, and follows what is confirmed and what a reorganisation takes back", async () => {
  const bdk = await openBdk();
  const seed = new Uint8Array(32).fill(7);
  const descriptors = bdk.seed_to_descriptor(seed, "regtest", "p2tr");
  const wallet = bdk.Wallet.create("regtest", descriptors.external, descriptors.internal);
  const client = new bdk.EsploraClient(scene.api);
  const own = wallet.peek_address("external", 3).address.toString();
  const funding = await lab.faucet(own, 100_000_000, { confirm: true });

  wallet.apply_update(await client.full_scan(wallet.start_full_scan(), 5, 2));
  expect(wallet.balance.confirmed.to_sat()).toBe(100_000_000n);
  expect(wallet.transactions().map(({ txid }) => txid.toString())).toEqual([funding]);

  const feeRate = new bdk.FeeRate(BigInt(Math.ceil((await client.get_fee_estimates()).get(1)!)));
  const address = bdk.Address.from_string(shop, "regtest");
  const recipient = new bdk.Recipient(address, bdk.Amount.from_sat(30_000_000n));
  const psbt = wallet.build_tx().fee_rate(feeRate).add_recipient(recipient).finish();
  expect(wallet.sign(psbt)).toBe(true);
  const change = 70_000_000n - psbt.fee().to_sat();
  const payment = psbt.extract_tx();
  const txid = payment.compute_txid().toString();
  await client.broadcast(payment.clone());

  const synced = async () => {
    wallet.apply_update(await client.sync(wallet.start_sync_with_revealed_spks(), 2));
    const { trusted_pending: pending, confirmed } = wallet.balance;
    return { pending: pending.to_sat(), confirmed: confirmed.to_sat() };
  };
  expect(await synced()).toEqual({ pending: change, confirmed: 0n });
  await lab.mine();
  expect(await synced()).toEqual({ pending: 0n, confirmed: change });
  const { anchor } = wallet.get_tx(bdk.Txid.from_string(txid))!.chain_position;
  expect(anchor!.block_id.hash).toBe(await scene.text("/blocks/tip/hash"));

  await lab.reorg(1, { drop: txid });
  expect(await synced()).toEqual({ pending: change, confirmed: 0n });
  await lab.mine();
  expect(await synced()).toEqual({ pending: 0n, confirmed: change });
  expect((await client.get_tx(bdk.Txid.from_string(txid)))!.compute_txid().toString()).toBe(txid);
  expect(await client.get_tx(bdk.Txid.from_string(unknownId))).toBeUndefined();
  await expect(client.broadcast(payment)).rejects.toThrow(/27/);

  const later = wallet.reveal_next_address("external").address.toString();
  const doubleSpent = await lab.faucet(later, 5_000_000, { confirm: true });
  expect((await synced()).confirmed).toBe(change + 5_000_000n);
  await lab.reorg(1, { doubleSpend: doubleSpent });
  // What BDK has once seen stays pending in this version of it, though no node has it any longer.
  expect((await synced()).confirmed).toBe(change);
});

test("@bitcoinerlab/explorer answers all its calls", async () => {
  const explorer = new EsploraExplorer({ url: scene.api });
  await explorer.connect();
  expect(await explorer.isConnected()).toBe(true);
  const { address } = scene.payer;
  const script = bitcoin.address.toOutputScript(address, regtest);
  // It takes Electrum's form, and turns the bytes around for Esplora.
  const scriptHash = Buffer.from(bitcoin.crypto.sha256(script)).reverse().toString("hex");
  const sums = await explorer.fetchAddress(address);
  expect(sums.balance).toBeGreaterThan(0);
  expect(await explorer.fetchScriptHash(scriptHash)).toEqual(sums);
  const history = await explorer.fetchTxHistory({ address });
  expect(history).toHaveLength(sums.txCount);
  expect(await explorer.fetchTxHistory({ scriptHash })).toEqual(history);
  const [{ txId }] = history as [(typeof history)[number]];
  expect(bitcoin.Transaction.fromHex(await explorer.fetchTx(txId)).getId()).toBe(txId);
  const height = await explorer.fetchBlockHeight();
  const blockHash = await scene.text("/blocks/tip/hash");
  expect(await explorer.fetchBlockStatus(height)).toMatchObject({ blockHeight: height, blockHash });
  expect(await explorer.fetchBlockStatus(height + 1)).toBeUndefined();
  expect(Object.keys(await explorer.fetchFeeEstimates())).toHaveLength(28);
  const to = { [shop]: 10_000 };
  const sent = payment({ key: scene.payer, from: [await scene.coin()], to, fee: 1_000 });
  expect(await explorer.push(sent.hex)).toBe(sent.id);
  await expect(explorer.push("00")).rejects.toThrow("TX decode failed");
  explorer.close();
});

test("@bitcoinerlab/discovery finds balance, coins and history of a wallet's descriptor", async () => {
  // It was made for another version of the explorer, whose interface is the same.
  const explorer: unknown = new EsploraExplorer({ url: scene.api });
  const { Discovery } = DiscoveryFactory(explorer as Explorer, regtest);
  const discovery = new Discovery();
  const { descriptor: withChecksum, address } = lab.faucetKey;
  const [descriptor = ""] = withChecksum.split("#");
  await discovery.fetch({ descriptor, gapLimit: 3 });
  const { balance, utxos } = discovery.getUtxosAndBalance({ descriptor });
  const coins = await scene.json<CoinJson[]>(`/address/${address}/utxo`);
  expect(balance).toBe(coins.reduce((sum, { value }) => sum + value, 0));
  expect(utxos).toHaveLength(coins.length);
  const sums = await scene.json<AddressJson>(`/address/${address}`);
  const history = discovery.getHistory({ descriptor, index: 0 });
  expect(history).toHaveLength(sums.chain_stats.tx_count + sums.mempool_stats.tx_count);
});

test("bitcoinjs-lib reads a block, and pays with three hash types", async () => {
  const hash = await scene.text("/blocks/tip/hash");
  const block = bitcoin.Block.fromBuffer(await scene.bytes(`/block/${hash}/raw`));
  expect([block.checkTxRoots(), Buffer.from(block.getHash()).reverse().toString("hex")]).toEqual([
    true,
    hash,
  ]);
  const { own, signer } = taprootKey(new Uint8Array(32).fill(11));
  const { SIGHASH_DEFAULT, SIGHASH_ALL, SIGHASH_SINGLE, SIGHASH_ANYONECANPAY } =
    bitcoin.Transaction;
  for (const type of [SIGHASH_DEFAULT, SIGHASH_ALL, SIGHASH_SINGLE | SIGHASH_ANYONECANPAY]) {
    const txid = await lab.faucet(own.address, 1_000_000, { confirm: true });
    const coins = await scene.json<CoinJson[]>(`/address/${own.address}/utxo`);
    const { vout } = coins.find((coin) => coin.txid === txid)!;
    const psbt = new bitcoin.Psbt({ network: regtest }).addInput({
      ...{ hash: txid, index: vout, tapInternalKey: own.internalPubkey },
      witnessUtxo: { script: own.output, value: 1_000_000n },
      ...(type !== SIGHASH_DEFAULT && { sighashType: type }),
    });
    psbt.addOutput({ address: shop, value: 999_000n });
    psbt.signInput(0, signer, [type]).finalizeAllInputs();
    const paid = psbt.extractTransaction();
    await scene.send({ id: paid.getId(), hex: paid.toHex() });
    await lab.mine();
    expect(await scene.json(`/tx/${paid.getId()}/status`)).toMatchObject({ confirmed: true });
  }
});

/** A key that spends by its key path. */
function taprootKey(secret: Uint8Array) {
  const publicKey = ecc.pointFromScalar(secret)!;
  const internalPubkey = publicKey.subarray(1);
  const { address = "", output = internalPubkey } = bitcoin.payments.p2tr({
    internalPubkey,
    network: regtest,
  });
  const even = publicKey[0] === 3 ? ecc.privateNegate(secret) : secret;
  const key = ecc.privateAdd(even, bitcoin.crypto.taggedHash("TapTweak", internalPubkey))!;
  const signer: bitcoin.Signer = {
    publicKey: ecc.pointFromScalar(key)!,
    signSchnorr: (hash: Uint8Array) => ecc.signSchnorr(hash, key),
    sign: () => {
      throw new Error("a taproot key signs by Schnorr's scheme");
    },
  };
  return { own: { address, output, internalPubkey }, signer };
}

test("@scure/btc-signer pays with a key of the lab, and replaces its payment", async () => {
  const from = [await scene.coin()];
  const order = { key: scene.payer, from, to: { [shop]: 10_000 } };
  const first = await scene.send(payment({ ...order, fee: 10_000 }));
  const second = await scene.send(payment({ ...order, fee: 20_000 }));
  expect(await scene.outcome(`/tx/${first.id}`)).toEqual([404, "Transaction not found"]);
  await lab.mine();
  const mined = { fee: 20_000, status: { confirmed: true } };
  expect(await scene.json(`/tx/${second.id}`)).toMatchObject(mined);
});

test("eventsource hears of a block, and goes on after the last event that it heard", async () => {
  const source = new EventSource(`${scene.api}/v1/events`);
  await new Promise((resolve) => source.addEventListener("open", resolve, { once: true }));
  const heard = nextTip(source);
  const [hash] = await lab.mine();
  expect(await heard).toMatchObject({ tip: hash });
  source.close();
  const [missed] = await lab.mine();
  const later = new EventSource(`${scene.api}/v1/events?after=${(await heard).id}`);
  expect(await nextTip(later)).toMatchObject({ tip: missed });
  later.close();
});

type TipExtended = Extract<EventJson, { readonly type: "tip-extended" }>;

function nextTip(source: EventSource): Promise<TipExtended> {
  return new Promise((resolve) => {
    source.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data) as EventJson;
      if (event.type === "tip-extended") resolve(event);
    });
  });
}
