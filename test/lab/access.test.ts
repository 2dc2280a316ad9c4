/** Whom a lab admits to its nodes' APIs. */

import { expect, test } from "vitest";
import { openLab } from "../../src/lab/open-lab.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const wallet = "https://wallet.example";

test("a page that the operator named reads a node's API, and not the lab's", async () => {
  const data = temporaryFolder("powlab-lab-access");
  const { lab, close } = await openLab({
    ...{ nodes: 1, seed: "1", shares: {}, hashrate: 1, latencyMs: 0, traffic: 0, apiPort: 0 },
    ...{ data, processes: "one", isAnnounced: false },
    regtest: { mining: { type: "none" } },
    access: { origins: [wallet] },
    onEvent: () => undefined,
    onWarning: (warning) => {
      throw warning;
    },
  });
  try {
    const readable = async (path: string, origin: string) => {
      const { status, headers } = await fetch(lab.url + path, { headers: { origin } });
      return [status, headers.get("access-control-allow-origin")];
    };
    const tip = "/alice/api/blocks/tip/height";
    expect(await readable(tip, wallet)).toEqual([200, wallet]);
    expect(await readable(tip, "https://evil.example")).toEqual([403, null]);
    expect(await readable("/lab", wallet)).toEqual([200, null]);
  } finally {
    await close(0);
  }
});
