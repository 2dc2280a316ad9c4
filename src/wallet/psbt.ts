/** Partially signed transactions: what several programs make, sign and finish in turn. */

import { base64 } from "@scure/base";
import { Transaction as SignerTransaction } from "@scure/btc-signer/transaction.js";
import type { Satoshi } from "../primitives/brand.ts";
import { bytesToHex, type Malformed } from "../primitives/bytes.ts";
import { messageOf } from "../primitives/error-message.ts";
import { sighashDefault, SighashMaker } from "../primitives/sighash.ts";
import {
  decodeTransaction,
  type OutPoint,
  type Output,
  type Transaction,
} from "../primitives/transaction.ts";
import { broken, unreachable, valid, type Verdict } from "../primitives/verdict.ts";
import { type Account, type KeyOrigin, type KeyPlace, keyUses, type WalletKey } from "./keys.ts";
import { type PaymentPlan, unsignedPayment } from "./payment.ts";
import { signSchnorr } from "./taproot.ts";

export type PsbtInput = {
  readonly point: OutPoint;
  /** The output that it spends, if the PSBT says so. */
  readonly coin: Output | undefined;
  readonly state: "unsigned" | "signed" | "finished";
  /** What its signature is to cover; SIGHASH_DEFAULT if nothing is asked for. */
  readonly hashType: number;
  /** Where the keys that may sign come from. */
  readonly origins: readonly KeyOrigin[];
};

export type PsbtOutput = Output & { readonly origins: readonly KeyOrigin[] };

export type PsbtProblem =
  | Malformed
  /** No input is ours. */
  | { readonly rule: "not-ours" }
  /** A taproot signature covers all coins that are spent. @see BIP341 */
  | { readonly rule: "coin-unknown"; readonly input: number }
  /** It would leave parts of the payment for others to change. */
  | { readonly rule: "hash-type"; readonly input: number; readonly hashType: number }
  | { readonly rule: "incomplete"; readonly inputs: readonly number[] }
  /** It pays more than it spends. */
  | { readonly rule: "overspent"; readonly missing: number };

/** One sentence for people. */
export function describePsbtProblem(problem: PsbtProblem): string {
  switch (problem.rule) {
    case "malformed":
      return `This is no PSBT that can be read: ${problem.reason}.`;
    case "not-ours":
      return "No input of this PSBT spends a coin of this wallet: choose another with --wallet.";
    case "coin-unknown":
      return (
        `Input ${problem.input} does not say what coin it spends, and a signature covers all coins: ` +
        "have the program that made the PSBT add it."
      );
    case "hash-type":
      return (
        `Input ${problem.input} asks for a signature of type ${problem.hashType}, with which ` +
        "others could change parts of the payment: only a signature of everything is made here."
      );
    case "incomplete":
      return (
        `A signature is missing for input ${problem.inputs.join(", ")}: ` +
        "sign with `powlab wallet psbt sign` first."
      );
    case "overspent":
      return `The outputs are worth ${problem.missing} satoshis more than the inputs.`;
    default:
      return unreachable(problem);
  }
}

const sighashAll = 0x01;
/** So many addresses of each use are compared if an input does not tell where its key comes from. */
const searchedCount = 100;

/** What others have put into a PSBT is kept, whatever it is. */
const readOptions = {
  unknown: "ignore",
  allowUnknownVersion: true,
  allowUnknownOutputs: true,
} as const;

/** @see BIP174, BIP370, BIP371 */
export class Psbt {
  readonly #signer: SignerTransaction;
  /** As it is without signatures. */
  readonly #transaction: Transaction;

  private constructor(signer: SignerTransaction, transaction: Transaction) {
    this.#signer = signer;
    this.#transaction = transaction;
  }

  static decode(bytes: Uint8Array): Verdict<Psbt, PsbtProblem> {
    try {
      const signer = SignerTransaction.fromPSBT(bytes, readOptions);
      const transaction = decodeTransaction(signer.unsignedTx);
      if (!transaction.ok) return transaction;
      const psbt = new Psbt(signer, transaction.value);
      const heavy = psbt.inputs.findIndex(({ coin }) => !Number.isSafeInteger(coin?.value ?? 0));
      if (heavy < 0) return valid(psbt);
      return broken({
        rule: "malformed",
        reason: `the coin of input ${heavy} has no possible value`,
      });
    } catch (error) {
      return broken({ rule: "malformed", reason: messageOf(error) });
    }
  }

  /** A payment before it is signed, with what a wallet on another machine needs to sign it. */
  static ofPayment(plan: PaymentPlan, changeKey: WalletKey, account: Account): Psbt {
    const transaction = unsignedPayment(plan);
    const { version, lockTime } = transaction;
    const signer = new SignerTransaction({ ...readOptions, version, lockTime });
    for (const [i, { point, value, script, place }] of plan.coins.entries()) {
      signer.addInput({
        txid: point.txid,
        index: point.index,
        sequence: transaction.inputs[i]?.sequence ?? 0,
        witnessUtxo: { script, amount: BigInt(value) },
        ...ownKeyFields(account, account.keyAt(place)),
      });
    }
    for (const { value, script } of plan.outputs) {
      const isChange = bytesToHex(script) === bytesToHex(changeKey.script);
      const own = isChange ? ownKeyFields(account, changeKey) : {};
      signer.addOutput({ script, amount: BigInt(value), ...own });
    }
    return new Psbt(signer, transaction);
  }

  get transaction(): Transaction {
    return this.#transaction;
  }

  get inputs(): readonly PsbtInput[] {
    return this.#transaction.inputs.map(({ previous: point }, i) => {
      const fields = this.#signer.getInput(i);
      const coin = fields.nonWitnessUtxo?.outputs[point.index] ?? fields.witnessUtxo;
      const isFinished =
        fields.finalScriptSig !== undefined || fields.finalScriptWitness !== undefined;
      const isSigned = [fields.tapKeySig, fields.tapScriptSig, fields.partialSig].some(Boolean);
      return {
        point,
        coin: coin && outputOf(coin),
        state: isFinished ? "finished" : isSigned ? "signed" : "unsigned",
        hashType: fields.sighashType ?? sighashDefault,
        origins: originsOf(fields.tapBip32Derivation),
      };
    });
  }

  get outputs(): readonly PsbtOutput[] {
    return this.#transaction.outputs.map((output, i) => ({
      ...output,
      origins: originsOf(this.#signer.getOutput(i).tapBip32Derivation),
    }));
  }

  /** Satoshis; undefined if a coin is not known. */
  get fee(): number | undefined {
    let sum = 0;
    for (const { coin } of this.inputs) {
      if (coin === undefined) return undefined;
      sum += coin.value;
    }
    return this.#transaction.outputs.reduce((rest, { value }) => rest - value, sum);
  }

  /** Signs every input of the account that is not signed yet. @returns their positions. */
  sign(account: Account): Verdict<readonly number[], PsbtProblem> {
    const { inputs } = this;
    const places = inputs.map(
      ({ coin, origins }) => coin && placeOf(account, coin.script, origins),
    );
    if (places.every((place) => place === undefined)) {
      const unknown = inputs.findIndex(({ coin }) => coin === undefined);
      if (unknown < 0) return broken({ rule: "not-ours" });
      return broken({ rule: "coin-unknown", input: unknown });
    }
    const spent: Output[] = [];
    for (const [input, { coin, hashType, state }] of inputs.entries()) {
      if (coin === undefined) return broken({ rule: "coin-unknown", input });
      const isOurs = places[input] !== undefined && state === "unsigned";
      const coversAll = hashType === sighashDefault || hashType === sighashAll;
      if (isOurs && !coversAll) return broken({ rule: "hash-type", input, hashType });
      spent.push(coin);
    }
    const fee = this.fee ?? 0;
    if (fee < 0) return broken({ rule: "overspent", missing: -fee });
    const signed = inputs.flatMap(({ state }, i) => (state === "unsigned" && places[i] ? [i] : []));
    const maker = new SighashMaker(this.#transaction, spent);
    for (const input of signed) {
      const { hashType = sighashDefault } = inputs[input] ?? {};
      this.#signInput(input, hashType, maker, account, places[input] as KeyPlace);
    }
    return valid(signed);
  }

  #signInput(
    input: number,
    hashType: number,
    maker: SighashMaker,
    account: Account,
    place: KeyPlace,
  ): void {
    const message = maker.message(input, hashType);
    if (message === undefined) throw new Error(`nothing to sign for input ${input}`);
    const signature = signSchnorr(message, account.secretKeyAt(place));
    const suffix = hashType === sighashDefault ? [] : [hashType];
    this.#signer.updateInput(input, { tapKeySig: Uint8Array.of(...signature, ...suffix) }, true);
  }

  /** The whole transaction, once every input is signed; also those of others. */
  finish(): Verdict<Transaction, PsbtProblem> {
    const fee = this.fee ?? 0;
    if (fee < 0) return broken({ rule: "overspent", missing: -fee });
    const missing = this.inputs.flatMap(({ state }, input) =>
      state === "finished" || (state === "signed" && this.#finishInput(input)) ? [] : [input],
    );
    if (missing.length > 0) return broken({ rule: "incomplete", inputs: missing });
    return decodeTransaction(this.#signer.toBytes(true, this.#signer.hasWitnesses));
  }

  /** Whether it has all signatures that its script asks for. */
  #finishInput(input: number): boolean {
    try {
      this.#signer.finalizeIdx(input);
      return true;
    } catch {
      return false;
    }
  }

  encode(): Uint8Array {
    return this.#signer.toPSBT();
  }

  /** As people pass it on. @see BIP174 */
  toBase64(): string {
    return base64.encode(this.encode());
  }
}

function outputOf(coin: { readonly amount: bigint; readonly script: Uint8Array }): Output {
  return { value: Number(coin.amount) as Satoshi, script: coin.script };
}

/** Whether an output goes to the account. */
export function isOwnOutput(account: Account, { script, origins }: PsbtOutput): boolean {
  return placeOf(account, script, origins) !== undefined;
}

/** Which key of the account a script pays, as its origins say, or else among the first addresses. */
function placeOf(
  account: Account,
  script: Uint8Array,
  origins: readonly KeyOrigin[],
): KeyPlace | undefined {
  const wanted = bytesToHex(script);
  const pays = (place: KeyPlace) => bytesToHex(account.keyAt(place).script) === wanted;
  for (const origin of origins) {
    const place = account.placeOf(origin);
    if (place !== undefined && pays(place)) return place;
  }
  for (let index = 0; index < searchedCount; index++) {
    const place = keyUses.map((use) => ({ use, index })).find(pays);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What BIP371 says of a key of the wallet, in an input or an output. */
function ownKeyFields(account: Account, { place, internalKey }: WalletKey) {
  const { fingerprint, path } = account.originOf(place);
  const derivation = { hashes: [], der: { fingerprint, path: [...path] } };
  const tapBip32Derivation: [Uint8Array, typeof derivation][] = [[internalKey, derivation]];
  return { tapInternalKey: internalKey, tapBip32Derivation };
}

type Derivations = readonly (readonly [Uint8Array, { readonly der: KeyOrigin }])[];

function originsOf(derivations: Derivations = []): readonly KeyOrigin[] {
  return derivations.map(([, { der }]) => der);
}
