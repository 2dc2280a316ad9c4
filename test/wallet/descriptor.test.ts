/** Keys in the forms in which other wallets import them. */

import { expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { encodeWif, withChecksum } from "../../src/wallet/descriptor.ts";
import { Account } from "../../src/wallet/keys.ts";

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
