/** What a program must know of a regtest lab that is ready, in one line. */

import { join } from "node:path";
import { regtest } from "../consensus/params.ts";
import type { ReadyJson } from "../contract/regtest.ts";
import { tokenName } from "../io/disk/token.ts";
import { readVersion } from "../io/platform/version.ts";
import type { Lab } from "./lab.ts";
import { readToken } from "./lab-client.ts";

export async function readyJson(lab: Lab): Promise<ReadyJson> {
  const { folder } = lab;
  const heights = lab.names.map((name) => lab.observer.tipOf(name)?.height ?? 0);
  return {
    type: "ready",
    version: readVersion(),
    network: regtest.name,
    url: lab.url,
    token: lab.token,
    height: Math.max(...heights),
    data: folder,
    nodes: await Promise.all(
      lab.names.map(async (name) => {
        const token = await readToken(join(folder, name, tokenName));
        return { name, url: lab.apiOf(name), token };
      }),
    ),
    faucet: lab.regtest.faucetKey,
    keys: lab.regtest.nodeKeys,
  };
}
