/** Blocks that nobody else may hear of, and the chain as everybody else sees it. */

import type { Chain } from "../chain/chain.ts";
import { headersAfter } from "../chain/locator.ts";
