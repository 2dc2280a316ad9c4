/** A small miner that knows a node by `getblocktemplate` and `submitblock` only (BIP 22, 23, 145). */

import { createHash } from "node:crypto";

export type Template = {
  readonly version: number;
  readonly previousblockhash: string;
  readonly transactions: readonly { readonly data: string; readonly txid: string }[];
  readonly coinbasetxn?: { readonly data: string };
  readonly target: string;
  readonly curtime: number;
  readonly bits: string;
  readonly height: number;
  readonly longpollid: string;
};

/** @returns the block in hex. Its coinbase has no witness, as old miners leave it. */
export function mined(template: Template): string {
  const coinbase = Buffer.from(template.coinbasetxn!.data, "hex");
  const txids = template.transactions.map(({ txid }) => Buffer.from(txid, "hex").reverse());
  const header = Buffer.alloc(80);
  header.writeInt32LE(template.version, 0);
  Buffer.from(template.previousblockhash, "hex").reverse().copy(header, 4);
  merkleRoot([doubleHash(coinbase), ...txids]).copy(header, 36);
  header.writeUInt32LE(template.curtime, 68);
  header.writeUInt32LE(Number.parseInt(template.bits, 16), 72);
  const target = Buffer.from(template.target, "hex");
  for (let nonce = 0; ; nonce++) {
    header.writeUInt32LE(nonce, 76);
    if (doubleHash(header).reverse().compare(target) <= 0) break;
  }
  const count = template.transactions.length + 1;
  if (count > 252) throw new Error("this miner counts in one byte");
  const rest = template.transactions.map(({ data }) => data).join("");
  return `${header.toString("hex")}${Buffer.of(count).toString("hex")}${coinbase.toString("hex")}${rest}`;
}

function doubleHash(bytes: Buffer): Buffer {
  const once = createHash("sha256").update(bytes).digest();
  return createHash("sha256").update(once).digest();
}

function merkleRoot(row: readonly Buffer[]): Buffer {
  if (row.length === 1) return row[0]!;
  const above: Buffer[] = [];
  for (let i = 0; i < row.length; i += 2) {
    above.push(doubleHash(Buffer.concat([row[i]!, row[i + 1] ?? row[i]!])));
  }
  return merkleRoot(above);
}
