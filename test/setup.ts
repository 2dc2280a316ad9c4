/**
 * What every test file needs before it: libp2p asks for a newer Promise than Node 20 has, and
 * POWLAB_HASHER says who hashes.
 */

import "../src/io/platform/polyfill.ts";
import { adoptHasher } from "../src/io/hashing/hasher-choice.ts";

adoptHasher();
