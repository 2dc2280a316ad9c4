/** Only nodes of this machine may be attacked. */

import { expect, test } from "vitest";
import { requireThisMachine } from "../../src/lab/open-attacker.ts";

test.each([
  "http://127.0.0.1:8477/api",
  "http://localhost:8477/alice/api",
  "http://[::1]:1/api",
  "/ip4/127.0.0.1/tcp/8478",
  "/ip4/127.1.2.3/tcp/8478/p2p/12D3KooWPC93zd9CV6dLnT87osJqsM6kH5PFhtENP4vEjctGunKx",
  "/ip6/::1/tcp/8478",
  "/dns4/localhost/tcp/8478",
])("%s is of this machine", (address) => {
  expect(() => requireThisMachine(address)).not.toThrow();
});

test.each([
  "http://192.168.1.2:8477/api",
  "http://127.0.0.1.example.org/api",
  "http://example.org/127.0.0.1",
  "http://127.0.0.1@example.org/api",
  "/ip4/10.0.0.1/tcp/8478",
  "/ip4/10.0.0.1/tcp/1/ip4/127.0.0.1/tcp/2",
  "/ip4/127.0.0.1/tcp/1/p2p/12D3Koo/p2p-circuit/ip4/10.0.0.1",
  "/dns4/example.org/tcp/1",
  "nonsense",
])("%s is refused", (address) => {
  expect(() => requireThisMachine(address)).toThrow(`${address} is no address of this machine`);
});
