/** Keys in the forms in which other wallets import them. */

import { HDKey } from "@scure/bip32";
import { p2tr, TEST_NETWORK } from "@scure/btc-signer";
import { expect, test } from "vitest";
import { main, regtest } from "../../src/consensus/params.ts";
import { withChecksum } from "../../src/primitives/descriptor-checksum.ts";
import { Account } from "../../src/wallet/keys.ts";
import { encodeWif } from "../../src/wallet/wif.ts";

test("checksums are BIP380's", () => {
  expect(withChecksum("raw(deadbeef)")).toBe("raw(deadbeef)#89f8spxm");
  expect(() => withChecksum("raw(Ü)")).toThrow("no descriptor has the character Ü");
});

test("the secret key 1 in WIF is what Bitcoin Core's test networks have", () => {
  const one = new Uint8Array(32);
  one[31] = 1;
  expect(encodeWif(one)).toBe("cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA");
});

test("an account has a private descriptor for each use, with the way from the words to it", () => {
  const words = `${"abandon ".repeat(11)}about`;
  const account = new Account(words, regtest);
  const receiving = account.privateDescriptor("receiving");
  expect(receiving).toMatch(/^tr\(\[73c5da0a\/86h\/1h\/0h\]tprv\w+\/0\/\*\)#[a-z0-9]{8}$/);
  expect(account.privateDescriptor("change")).toContain("/1/*)#");
});

test("the public descriptor has the extended key that BIP86 publishes", () => {
  const words = `${"abandon ".repeat(11)}about`;
  const published =
    "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ";
  const descriptor = new Account(words, main).publicDescriptor("receiving");
  expect(descriptor).toBe(withChecksum(`tr([73c5da0a/86h/0h/0h]${published}/0/*)`));
});

test("from the public descriptor alone others derive the same addresses", () => {
  const account = new Account(`${"abandon ".repeat(11)}about`, regtest);
  for (const [use, chain] of [
    ["receiving", 0],
    ["change", 1],
  ] as const) {
    const [, key = ""] = /\](tpub\w+)\/[01]\/\*\)#/.exec(account.publicDescriptor(use)) ?? [];
    const versions = { private: 0x04358394, public: 0x043587cf };
    const child = HDKey.fromExtendedKey(key, versions).deriveChild(chain).deriveChild(7);
    const { address } = p2tr(child.publicKey!.slice(1), undefined, {
      ...TEST_NETWORK,
      bech32: "bcrt",
    });
    expect(address).toBe(account.keyAt({ use, index: 7 }).address);
  }
});

test("an origin means a key of the account only if fingerprint, path and chain are its own", () => {
  const account = new Account(`${"abandon ".repeat(11)}about`, regtest);
  const place = { use: "change", index: 5 } as const;
  const { fingerprint, path } = account.originOf(place);
  expect(account.placeOf({ fingerprint, path })).toEqual(place);
  const wrong = [
    { fingerprint: fingerprint + 1, path },
    { fingerprint, path: path.slice(1) },
    { fingerprint, path: [...path, 0] },
    { fingerprint, path: [...path.slice(0, 3), 2, 5] },
    { fingerprint, path: [...path.slice(0, 4), 0x8000_0005] },
    { fingerprint, path: [86, ...path.slice(1)] },
  ];
  expect(wrong.map((origin) => account.placeOf(origin))).toEqual(wrong.map(() => undefined));
});
