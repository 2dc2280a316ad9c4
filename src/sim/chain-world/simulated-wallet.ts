/** A wallet in a simulation: one key, its script, and signed payments. Never for real coins. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import type { Random } from "../../primitives/random.ts";
import { payToTaproot } from "../../primitives/script.ts";
import { SighashMaker } from "../../primitives/sighash.ts";
import type { OutPoint, Output, Transaction } from "../../primitives/transaction.ts";

/** A coin and where it is. */
export type PaymentCoin = { readonly point: OutPoint; readonly output: Output };

/** What makes keys and signatures, each as long as BIP340's. */
export type Signer = {
  readonly publicKeyOf: (secretKey: Uint8Array) => Uint8Array;
  readonly sign: (message: Uint8Array, secretKey: Uint8Array) => Uint8Array;
};

/** Real ones. */
export const schnorrSigner: Signer = {
  publicKeyOf: (secretKey) => schnorr.getPublicKey(secretKey),
  sign: (message, secretKey) => schnorr.sign(message, secretKey, new Uint8Array(32)),
};

/** BIP125: it may be replaced, as any transaction here. */
const replaceable = 0xffff_fffd;

export class SimulatedWallet {
  /** Pays to this wallet. The key is used as it is, without BIP86's tweak. */
  readonly script: Uint8Array;
  readonly #secretKey: Uint8Array;
  readonly #signer: Signer;

  constructor(random: Random, signer: Signer = schnorrSigner) {
    hashes.sha256 = sha256;
    hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
    this.#secretKey = random.nextBytes(32);
    this.#signer = signer;
    this.script = payToTaproot(signer.publicKeyOf(this.#secretKey));
  }

  /**
   * Spends one coin of this wallet to these outputs; what they leave of it is the fee.
   *
   * @param sequence of the input; a relative lock, if BIP68 reads one from it.
   */
  pay(coin: PaymentCoin, outputs: readonly Output[], sequence = replaceable): Transaction {
    const input = { previous: coin.point, scriptSig: new Uint8Array(), sequence, witness: [] };
    const unsigned: Transaction = { version: 2, inputs: [input], outputs, lockTime: 0 };
    const message = new SighashMaker(unsigned, [coin.output]).message(0);
    if (message === undefined) throw new Error("the default hash type always has a message");
    const signature = this.#signer.sign(message, this.#secretKey);
    return { ...unsigned, inputs: [{ ...input, witness: [signature] }] };
  }
}
