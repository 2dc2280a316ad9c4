/** What a node is made of and how it is set up. */

import type { BranchCompanion } from "../chain/companion.ts";
import type { Params } from "../consensus/params.ts";
import type { Store } from "../machine/store.ts";
import type { MempoolPolicy } from "../mempool/policy.ts";
import type { Random } from "../primitives/random.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";

export type NodeOptions = {
  readonly params: Params;
  readonly store: Store;
  readonly verifier: SignatureVerifier;
  readonly random: Random;
  /** What follows the tip, such as indexes: always the same for one store. */
  readonly companions: readonly BranchCompanion[];
  readonly policy?: Partial<MempoolPolicy>;
  /** Mines for this output script. */
  readonly payTo?: Uint8Array;
  /** How long miners keep a template. */
  readonly templateRenewalMs?: number;
  /** A name to leave in the coinbases it mines. */
  readonly tag?: string;
};
