/** A purse of play money: one key, its script, and signed payments. Never for real coins. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import type { Random } from "../primitives/random.ts";
import { payToTaproot } from "../primitives/script.ts";
import { SighashMaker } from "../primitives/sighash.ts";
import type { OutPoint, Output, Transaction } from "../primitives/transaction.ts";

/** A coin and where it is. */
export type PurseCoin = { readonly point: OutPoint; readonly output: Output };

/** BIP125: it may be replaced, as any transaction here. */
const sequence = 0xffff_fffd;

export class Purse {
  /** Pays to this purse. The key is used as it is, without BIP86's tweak. */
  readonly script: Uint8Array;
  readonly #secretKey: Uint8Array;

  constructor(random: Random) {
    hashes.sha256 = sha256;
    hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
    this.#secretKey = random.nextBytes(32);
    this.script = payToTaproot(schnorr.getPublicKey(this.#secretKey));
  }

  /** Spends one coin of this purse to these outputs; what they leave of it is the fee. */
  pay(coin: PurseCoin, outputs: readonly Output[]): Transaction {
    const input = { previous: coin.point, scriptSig: new Uint8Array(), sequence, witness: [] };
    const unsigned: Transaction = { version: 2, inputs: [input], outputs, lockTime: 0 };
    const message = new SighashMaker(unsigned, [coin.output]).message(0);
    if (message === undefined) throw new Error("the default hash type always has a message");
    const signature = schnorr.sign(message, this.#secretKey, new Uint8Array(32));
    return { ...unsigned, inputs: [{ ...input, witness: [signature] }] };
  }
}
