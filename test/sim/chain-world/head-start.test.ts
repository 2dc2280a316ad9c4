/** The chain that is there when a world begins. */

import { expect, test } from "vitest";
import { regtest } from "../../../src/consensus/params.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { defaultStart } from "../../../src/sim/chain-world/chain-world.ts";
import { fakeSigner, fakeVerifier } from "../../../src/sim/chain-world/fake-signature.ts";
import { mineHeadStart } from "../../../src/sim/chain-world/head-start.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";

const { script } = new SimulatedWallet(createRandom(1), fakeSigner);
const options = { verifier: fakeVerifier, rich: [script], rest: script };

test("has a coin for each of the rich", () => {
  const headStart = mineHeadStart({ ...options, params: regtest, start: defaultStart });
  expect(headStart).toMatchObject({ height: regtest.coinbaseMaturity, coins: [{}] });
});

test("is refused with the rule if its blocks would be: here its world begins before genesis", () => {
  const start = ((regtest.genesis.header.time - 8 * 3600) * 1000) as Milliseconds;
  expect(() => mineHeadStart({ ...options, params: regtest, start })).toThrow(
    /^block 1 of the head start was rejected: time-too-new/,
  );
});
