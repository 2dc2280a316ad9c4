/** From twelve words to keys and addresses: BIP39, BIP32 and BIP86. */

import { HDKey, type Versions } from "@scure/bip32";
import { generateMnemonic, mnemonicToSeedSync, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { encodeWitnessAddress } from "../primitives/address.ts";
import { withChecksum } from "../primitives/descriptor-checksum.ts";
import { payToTaproot } from "../primitives/script.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { tweakPublicKey, tweakSecretKey } from "./taproot.ts";
import { encodeWif } from "./wif.ts";

/** What a wallet must know of its network; the record of any network has it. */
export type WalletNetwork = {
  readonly name: string;
  readonly addressPrefix: string;
  readonly coinbaseMaturity: number;
};

/** Addresses to give to payers, and addresses that only our own change goes to. */
export type KeyUse = "receiving" | "change";

export type KeyPlace = { readonly use: KeyUse; readonly index: number };

/** From which words a key came, by the fingerprint of their master key, and on which path. */
export type KeyOrigin = {
  readonly fingerprint: number;
  /** A hardened step is `hardenedOffset` higher. */
  readonly path: readonly number[];
};

/** @see BIP32 */
const hardenedOffset = 0x8000_0000;

export const keyUses: readonly KeyUse[] = ["receiving", "change"];

/** @see BIP44, "Change" */
function chainOf(use: KeyUse): number {
  return use === "receiving" ? 0 : 1;
}

/** The public half of one key. */
export type WalletKey = {
  readonly place: KeyPlace;
  /** 32 bytes, before the taproot tweak. */
  readonly internalKey: Uint8Array;
  readonly script: Uint8Array;
  readonly address: string;
};

export type WordsProblem =
  | { readonly rule: "word-count"; readonly count: number }
  | { readonly rule: "unknown-word"; readonly word: string; readonly position: number }
  | { readonly rule: "words-checksum" };

const strengthBits = { 12: 128, 24: 256 } as const;
const wordCounts = [12, 15, 18, 21, 24];
const knownWords = new Set(wordlist);

/** New secret words, from the system's randomness. */
export function createWords(count: 12 | 24 = 12): string {
  return generateMnemonic(wordlist, strengthBits[count]);
}

const separators = /[\s,;:.()[\]"'|-]+/;

/** Reads words as people type or paste them: any case, with commas, quotes or numbers between them. */
export function parseWords(text: string): Verdict<string, WordsProblem> {
  const parts = text.normalize("NFKD").toLowerCase().split(separators);
  const words = parts.map((part) => part.replace(/^#?\d+/, "")).filter(Boolean);
  if (!wordCounts.includes(words.length)) {
    return broken({ rule: "word-count", count: words.length });
  }
  for (const [i, word] of words.entries()) {
    if (!knownWords.has(word)) return broken({ rule: "unknown-word", word, position: i + 1 });
  }
  const joined = words.join(" ");
  if (!validateMnemonic(joined, wordlist)) return broken({ rule: "words-checksum" });
  return valid(joined);
}

/** One sentence for people. It repeats no word that is right: they are secret. */
export function describeWordsProblem(problem: WordsProblem): string {
  switch (problem.rule) {
    case "word-count":
      return `There must be 12, 15, 18, 21 or 24 words, not ${problem.count}.`;
    case "unknown-word":
      return (
        `Word ${problem.position}, ${JSON.stringify(problem.word)}, ` +
        "is not in BIP39's English list."
      );
    case "words-checksum":
      return "The checksum of these words is wrong: a word is wrong, or two are swapped.";
  }
}

/** The version bytes of extended keys. @see Bitcoin Core, base58Prefixes */
const mainVersions: Versions = { private: 0x0488ade4, public: 0x0488b21e };
const testVersions: Versions = { private: 0x04358394, public: 0x043587cf };

/** The first BIP86 account of some words on one network: m/86'/coin'/0'. */
export class Account {
  readonly network: WalletNetwork;
  readonly #root: HDKey;
  /** Of the key that the words make; eight hex digits. */
  readonly #masterFingerprint: string;
  readonly #path: string;
  /** The path in numbers. */
  readonly #steps: readonly number[];
  readonly #uses: Readonly<Record<KeyUse, HDKey>>;
  readonly #keys = new Map<string, WalletKey>();

  /** @param words as `parseWords` gives them. */
  constructor(words: string, network: WalletNetwork) {
    const isMain = network.name === "main";
    this.network = network;
    // SLIP-44: 0 is Bitcoin, 1 any network whose coins are worth nothing, regtest and lab alike.
    const coinType = isMain ? 0 : 1;
    this.#path = `m/86'/${coinType}'/0'`;
    this.#steps = [86, coinType, 0].map((step) => step + hardenedOffset);
    const versions = isMain ? mainVersions : testVersions;
    const master = HDKey.fromMasterSeed(mnemonicToSeedSync(words), versions);
    this.#masterFingerprint = fingerprintOf(master);
    this.#root = master.derive(this.#path);
    this.#uses = {
      receiving: this.#root.deriveChild(chainOf("receiving")),
      change: this.#root.deriveChild(chainOf("change")),
    };
  }

  /** It reveals all addresses, and spends nothing. */
  get extendedPublicKey(): string {
    return this.#root.publicExtendedKey;
  }

  /** Eight hex digits by which accounts tell each other apart. @see BIP32 */
  get fingerprint(): string {
    return fingerprintOf(this.#root);
  }

  pathOf({ use, index }: KeyPlace): string {
    return `${this.#path}/${chainOf(use)}/${index}`;
  }

  keyAt(place: KeyPlace): WalletKey {
    const path = this.pathOf(place);
    let key = this.#keys.get(path);
    if (key === undefined) {
      key = this.#deriveKey(place);
      this.#keys.set(path, key);
    }
    return key;
  }

  /** The tweaked key that signs for the address at this place. */
  secretKeyAt(place: KeyPlace): Uint8Array {
    return tweakSecretKey(present(this.#derive(place).privateKey));
  }

  /** The secret key of this place before the tweak, as wallets import it; of test networks only. */
  wifAt(place: KeyPlace): string {
    return encodeWif(present(this.#derive(place).privateKey));
  }

  /** All addresses of one use, for programs that watch them and spend nothing. @see BIP380, BIP386 */
  publicDescriptor(use: KeyUse): string {
    return this.#descriptor(use, this.#root.publicExtendedKey);
  }

  /** All addresses of one use, with the secret to spend from them. */
  privateDescriptor(use: KeyUse): string {
    return this.#descriptor(use, this.#root.privateExtendedKey);
  }

  #descriptor(use: KeyUse, extendedKey: string): string {
    const path = this.#path.replace("m", this.#masterFingerprint).replaceAll("'", "h");
    return withChecksum(`tr([${path}]${extendedKey}/${chainOf(use)}/*)`);
  }

  /** How a key came from the words, as a PSBT says it. @see BIP174, PSBT_IN_BIP32_DERIVATION */
  originOf({ use, index }: KeyPlace): KeyOrigin {
    return {
      fingerprint: Number.parseInt(this.#masterFingerprint, 16),
      path: [...this.#steps, chainOf(use), index],
    };
  }

  /** The place that an origin means; undefined if it is not one of this account. */
  placeOf({ fingerprint, path }: KeyOrigin): KeyPlace | undefined {
    const [chain, index] = path.slice(this.#steps.length);
    const use = keyUses.find((each) => chainOf(each) === chain);
    if (use === undefined || index === undefined || index >= hardenedOffset) return undefined;
    const place = { use, index };
    const own = this.originOf(place);
    const isOwn = fingerprint === own.fingerprint && path.join("/") === own.path.join("/");
    return isOwn ? place : undefined;
  }

  #deriveKey(place: KeyPlace): WalletKey {
    const internalKey = present(this.#derive(place).publicKey).slice(1);
    const program = tweakPublicKey(internalKey);
    const { addressPrefix: prefix } = this.network;
    return {
      place,
      internalKey,
      script: payToTaproot(program),
      address: encodeWitnessAddress({ prefix, version: 1, program }),
    };
  }

  #derive({ use, index }: KeyPlace): HDKey {
    return this.#uses[use].deriveChild(index);
  }
}

function fingerprintOf(key: HDKey): string {
  return key.fingerprint.toString(16).padStart(8, "0");
}

/** A key made from a seed has both halves. */
function present(key: Uint8Array | null): Uint8Array {
  if (key === null) throw new Error("a derived key lacks its secret half");
  return key;
}
