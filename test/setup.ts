/** What every test file needs before it: libp2p asks for a newer Promise than Node 20 has. */

import "../src/io/polyfill.ts";
