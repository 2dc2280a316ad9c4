/** `powlab wallet history`: what came and went. */

import type { HistoryEntry } from "../../../src/wallet/history.ts";
import { say, write, writeJson } from "../output.ts";
import { formatTable, formatTime } from "../table.ts";
import { openWallet } from "./file.ts";
import { type UseOptions, useWallet } from "./use.ts";

export type HistoryOptions = UseOptions & { readonly limit: number };

export async function showHistory(options: HistoryOptions): Promise<void> {
  const open = await openWallet(options);
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const entries = await useWallet(open, options, (wallet) => wallet.history(options.limit));
  if (options.json) return writeJson(entries);
  if (entries.length === 0) {
    say("Nothing came and nothing went. Next: powlab wallet address");
    return;
  }
  const rows = entries.map((entry) => [
    timeOf(entry),
    entry.confirmations,
    formatAmount(entry.net),
    kindOf(entry),
    entry.txid,
  ]);
  write(
    formatTable(
      [
        { title: "time (UTC)" },
        { title: "confirmations", align: "right" },
        { title: "amount", align: "right" },
        { title: "kind" },
        { title: "txid" },
      ],
      rows,
    ),
  );
  const { describeReversal } = await import("../../../src/wallet/reversal.ts");
  for (const { txid, reversal } of entries) {
    if (reversal !== undefined) write(`${txid} ${describeReversal(reversal)}`);
  }
  say(`Next: powlab tx show ${entries[0]?.txid ?? "TXID"}`);
}

function timeOf({ time, reversal }: HistoryEntry): string {
  if (time !== undefined) return formatTime(time);
  return reversal === undefined || reversal.state === "waiting" ? "waiting" : "reversed";
}

function kindOf({ net, isCoinbase }: HistoryEntry): string {
  if (isCoinbase) return "mined";
  return net < 0 ? "sent" : "received";
}
