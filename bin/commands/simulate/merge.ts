/** `powlab simulate chaos merge`: what one machine would have printed of a campaign, from its shards. */

import type { JsonReader } from "../../../src/primitives/json-reader.ts";
import { valid, type Verdict } from "../../../src/primitives/verdict.ts";
import type { ChaosReport } from "../../../src/sim/chaos/investigate.ts";
import { readChainReport } from "../../../src/sim/chaos/report-file.ts";
import type { ProcessChaosReport } from "../../../src/sim/process-chaos/chaos.ts";
import { readProcessReport } from "../../../src/sim/process-chaos/report-file.ts";
import { readShards } from "../shard-files.ts";
import { accept } from "../text-file.ts";
import { parseAsked } from "./campaign.ts";
import { printChainCampaign } from "./chain-campaign.ts";
import { printProtocolCampaign } from "./protocol-chaos.ts";

type Flags = { readonly json?: true };

export async function mergeCampaign(files: readonly string[], flags: Flags): Promise<void> {
  const { question, answers } = await readShards(files, readerFor);
  const asked = accept(files[0] ?? "", parseAsked(question));
  const { protocol } = asked;
  // The question has said which of the two it is, to the reader of each file, too.
  if (protocol === undefined) printChainCampaign(asked, answers as readonly ChaosReport[], flags);
  else {
    const reports = answers as readonly ProcessChaosReport[];
    printProtocolCampaign({ ...asked, protocol }, reports, flags);
  }
}

type ReadAnswer = (reader: JsonReader) => ChaosReport | ProcessChaosReport;

function readerFor(question: string): Verdict<ReadAnswer, string> {
  const asked = parseAsked(question);
  if (!asked.ok) return asked;
  return valid(asked.value.protocol === undefined ? readChainReport : readProcessReport);
}
