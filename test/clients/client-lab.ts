/** One regtest lab for all tests of a file, what they ask of its first node, and what they pay there. */

import { p2tr, TEST_NETWORK, Transaction, utils, WIF } from "@scure/btc-signer";
import { type FundedKey, type Lab, type LabOptions, openLab } from "../../bin/package.ts";
import type { CoinJson } from "../../src/contract/node-api.ts";
import { environment } from "../e2e/program.ts";

const network = { ...TEST_NETWORK, bech32: "bcrt" };

/** An address of nobody in the lab: another one for each number from 1 to 255. */
export function foreignAddress(number: number): string {
  const key = utils.pubSchnorr(new Uint8Array(32).fill(number));
  return p2tr(key, undefined, network).address ?? "";
}

export const shop = foreignAddress(9);

export const unknownId = "ab".repeat(32);

export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
};

/** What a payment spends; of one key. */
export type Spent = { readonly txid: string; readonly vout: number; readonly value: number };

type PaymentOrder = {
  readonly key: Pick<FundedKey, "wif">;
  readonly from: readonly Spent[];
  /** Satoshis by address; what is left goes back to the key. */
  readonly to: Readonly<Record<string, number>>;
  readonly fee: number;
};

export type Payment = { readonly id: string; readonly hex: string };

/** Made by @scure/btc-signer. Its last output, if something is left, is the change. */
export function payment({ key, from, to, fee }: PaymentOrder): Payment {
  const secret = WIF(network).decode(key.wif);
  const tapInternalKey = utils.pubSchnorr(secret);
  const own = p2tr(tapInternalKey, undefined, network);
  const transaction = new Transaction();
  for (const { txid, vout: index, value } of from) {
    const witnessUtxo = { script: own.script, amount: BigInt(value) };
    transaction.addInput({ txid, index, witnessUtxo, tapInternalKey, sequence: 0xffff_fffd });
  }
  const paid = Object.values(to).reduce((sum, value) => sum + value, 0);
  const change = from.reduce((sum, { value }) => sum + value, 0) - paid - fee;
  const outputs = { ...to, ...(change > 0 && { [own.address ?? ""]: change }) };
  for (const [address, value] of Object.entries(outputs)) {
    transaction.addOutputAddress(address, BigInt(value), network);
  }
  transaction.sign(secret);
  transaction.finalize();
  return { id: transaction.id, hex: transaction.hex };
}

export class ClientLab {
  readonly lab: Lab;
  /** The base URL of the first node's API. */
  readonly api: string;
  /** The payer's that no test was given yet. */
  #coins: readonly Spent[] | undefined;

  static async open(options: LabOptions): Promise<ClientLab> {
    Object.assign(process.env, environment());
    return new ClientLab(await openLab(options));
  }

  private constructor(lab: Lab) {
    this.lab = lab;
    this.api = lab.nodes[0]!.url;
  }

  /** Has coins. */
  get payer(): FundedKey {
    return this.lab.keys[0]!;
  }

  async ask(path: string, request?: RequestInit): Promise<Answer> {
    const response = await fetch(this.api + path, request);
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  /** The status and the text, as most tests of errors want them. */
  async outcome(path: string, request?: RequestInit): Promise<readonly [number, string]> {
    const { status, text } = await this.ask(path, request);
    return [status, text];
  }

  /** @throws Error if the answer is not 200. */
  async text(path: string): Promise<string> {
    const { status, text } = await this.ask(path);
    if (status !== 200) throw new Error(`${path} answers ${status}: ${text}`);
    return text;
  }

  async json<Shape = unknown>(path: string): Promise<Shape> {
    return JSON.parse(await this.text(path)) as Shape;
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await fetch(this.api + path)).arrayBuffer());
  }

  /** Status and text. */
  post(path: string, body: BodyInit): Promise<readonly [number, string]> {
    return this.outcome(path, { method: "POST", body });
  }

  /** Submits a payment that must be taken. */
  async send(sent: Payment): Promise<Payment> {
    const [status, text] = await this.post("/tx", sent.hex);
    if (status !== 200 || text !== sent.id) throw new Error(`it is refused: ${text}`);
    return sent;
  }

  /** A confirmed coin of the payer that no other test of the file was given. */
  async coin(): Promise<Spent> {
    this.#coins ??= await this.json<CoinJson[]>(`/address/${this.payer.address}/utxo`);
    const [first, ...rest] = this.#coins;
    if (first === undefined) throw new Error("the payer has no more coins");
    this.#coins = rest;
    return first;
  }

  /** Pays the shop with a new coin; it waits. */
  async pay(value: number, fee: number): Promise<Payment> {
    const to = { [shop]: value };
    return this.send(payment({ key: this.payer, from: [await this.coin()], to, fee }));
  }
}
