/** Checking what others send: signatures, blocks, waiting transactions. */

import { regtest } from "../../src/consensus/params.ts";
import {
  createNobleVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { Mempool } from "../../src/mempool/mempool.ts";
import { decodeBlock, encodeBlock } from "../../src/primitives/block.ts";
import type { Elapsed } from "../../src/primitives/brand.ts";
import { taprootKey } from "../../src/primitives/script.ts";
import { SighashMaker } from "../../src/primitives/sighash.ts";
import type { SignatureCheck, SignatureVerifier } from "../../src/primitives/signature.ts";
import { decodeTransaction, encodeTransaction } from "../../src/primitives/transaction.ts";
import type { Verdict } from "../../src/primitives/verdict.ts";
import { keyOf, trustingVerifier } from "../builders.ts";
import { benchNow, chainAt, prepareScene, type Scene } from "./chain-of-blocks.ts";
import { compare, type Row, rowOfRates, runsOfLoad } from "./measure.ts";

const paymentCount = 400;

let scene: Scene | undefined;

/** Made once: signing takes longer than what is measured. */
function sharedScene(): Scene {
  scene ??= prepareScene(paymentCount);
  return scene;
}

export async function benchSignatures(): Promise<Row[]> {
  const checks = checksOf(sharedScene());
  const few = checks.slice(0, 60);
  const rates = compare(
    () => verifyAll(createTinyVerifier(), checks),
    () => verifyAll(createNobleVerifier(), few),
  );
  return [rowOfRates("signature verification", "signatures/s", "@noble/secp256k1", rates)];
}

function checksOf({ payments, base }: Scene): SignatureCheck[] {
  const spent = base.at(-1)?.transactions[1]?.outputs ?? [];
  return payments.map((transaction, i) => {
    const output = spent[i];
    const message = output && new SighashMaker(transaction, [output]).message(0);
    const signature = transaction.inputs[0]?.witness[0];
    const publicKey = taprootKey(keyOf("miner").script);
    if (!message || !signature || !publicKey) throw new Error("the scene is incomplete");
    return { message, signature, publicKey };
  });
}

function verifyAll(verifier: SignatureVerifier, checks: readonly SignatureCheck[]): number {
  if (verifier.firstInvalid(checks) !== undefined) throw new Error("a good signature failed");
  return checks.length;
}

export async function benchConnect(): Promise<Row[]> {
  const { full, payments } = sharedScene();
  const encoded = encodeBlock(full);
  const checks = checksOf(sharedScene());
  const chains = Array.from({ length: runsOfLoad }, () =>
    chainAt(sharedScene(), createTinyVerifier()),
  );
  const rates = compare(
    () => {
      const { status } = takeChain(chains).accept(unwrap(decodeBlock(encoded)), benchNow);
      if (status !== "tip") throw new Error(`the full block is ${status}`);
      return payments.length;
    },
    () => verifyAll(createTinyVerifier(), checks),
  );
  const versus = "its signatures alone, same library";
  return [rowOfRates("block connect with signatures", "transactions/s", versus, rates)];
}

export async function benchMempool(): Promise<Row[]> {
  const { payments } = sharedScene();
  const chain = chainAt(sharedScene(), trustingVerifier);
  const encoded = payments.map(encodeTransaction);
  const checks = checksOf(sharedScene());
  const view = { ...chain.nextContext(), coinAt: chain.coinAt.bind(chain) };
  const rates = compare(
    () => {
      const mempool = new Mempool({ params: regtest, verifier: createTinyVerifier() });
      for (const bytes of encoded) {
        unwrap(mempool.admit(unwrap(decodeTransaction(bytes)), view, 0 as Elapsed));
      }
      return encoded.length;
    },
    () => verifyAll(createTinyVerifier(), checks),
  );
  const versus = "its signatures alone, same library";
  return [rowOfRates("mempool admission", "transactions/s", versus, rates)];
}

function takeChain<T>(items: T[]): T {
  const item = items.pop();
  if (item === undefined) throw new Error("too few chains were prepared");
  return item;
}

function unwrap<T>(verdict: Verdict<T, { readonly rule: string }>): T {
  if (!verdict.ok) throw new Error(verdict.problem.rule);
  return verdict.value;
}
