/** `powlab protocol NAME --mutant M` and `powlab protocol mutants`: what leads to a mistake, and which check catches it. */

import type { Meeting } from "../../../src/experiments/mutants/meet.ts";
import type { ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import type { Mutant } from "../../../src/protocols/process/protocol.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts, formatTable } from "../table.ts";

type Met = Meeting & { readonly seconds: number };

async function meet(entry: ProtocolEntry, mutant: Mutant): Promise<Met> {
  const { meetMutant } = await import("../../../src/experiments/mutants/meet.ts");
  const startedAtMs = performance.now();
  const meeting = meetMutant(entry, mutant.name);
  return { ...meeting, seconds: (performance.now() - startedAtMs) / 1000 };
}

/** Whether what caught it is what must catch it; of a control, that nothing did. */
function isAsNamed({ caughtBy }: Mutant, { broken }: Meeting): boolean {
  return caughtBy === undefined ? broken.length === 0 : broken.includes(caughtBy);
}

/** @throws CliError with the code for a broken check, as most mutants should end. */
export async function showMutant(
  entry: ProtocolEntry,
  mutant: Mutant,
  { json }: { readonly json?: true },
): Promise<void> {
  const met = await meet(entry, mutant);
  if (json) writeJson(plainMeeting(entry, mutant, met));
  else write(describe(mutant, met));
  const { name } = entry;
  const { caughtBy } = mutant;
  if (!isAsNamed(mutant, met)) {
    const expected = caughtBy === undefined ? "nothing may catch" : `${caughtBy} must catch`;
    const found = met.broken.join(", ") || "nothing";
    throw new CliError(`${expected} ${mutant.name} of ${name}, and ${found} did.`);
  }
  if (caughtBy !== undefined) {
    throw new CliError(`${name} broke ${caughtBy}.`, exitCodes.unexpected);
  }
}

function describe({ name, mistake, caughtBy, essayLine, victim }: Mutant, met: Met): string {
  const { how, broken, steps, stepsCount, seconds } = met;
  const isCaught = caughtBy !== undefined && broken.includes(caughtBy);
  const after = stepsCount === undefined ? "" : ` after ${stepsCount} steps`;
  const caught = isCaught ? `${caughtBy}${after}` : broken.join(", ") || "nothing";
  const facts = formatFacts({
    mutant: name,
    mistake,
    ...(essayLine !== undefined && { essay: `line ${essayLine}` }),
    ...(victim !== undefined && { "shipped by": victim }),
    "met by": how,
    "caught by": caught,
    seconds: seconds.toFixed(2),
  });
  if (steps.length === 0 || caughtBy === undefined) return facts;
  return `${facts}\n${stepsCount === undefined ? lastOf(steps) : numbered(steps)}`;
}

function numbered(steps: readonly string[]): string {
  const width = String(steps.length).length;
  return steps.map((step, at) => `  ${String(at + 1).padStart(width)}  ${step}`).join("\n");
}

function lastOf(lines: readonly string[]): string {
  return ["The last steps:", ...lines.map((line) => `  ${line}`)].join("\n");
}

function plainMeeting({ name: protocol }: ProtocolEntry, mutant: Mutant, met: Met) {
  const { name, mistake, caughtBy, essayLine, victim } = mutant;
  const { how, broken, steps, stepsCount, seconds } = met;
  return {
    ...{ protocol, mutant: name, mistake, essayLine, victim, caughtBy },
    ...{ how, broken, stepsCount, steps },
    seconds: Number(seconds.toFixed(3)),
  };
}

/** All mutants of some protocols, a line each. @throws CliError if one is not caught as it says. */
export async function showMutants(
  entries: readonly ProtocolEntry[],
  { json }: { readonly json?: true },
): Promise<void> {
  const rows: (readonly string[])[] = [];
  const missed: string[] = [];
  for (const entry of entries) {
    for (const mutant of entry.mutants) {
      const met = await meet(entry, mutant);
      if (json) writeJson(plainMeeting(entry, mutant, met));
      if (!isAsNamed(mutant, met)) missed.push(`${mutant.name} of ${entry.name}`);
      const check = mutant.caughtBy ?? "nothing, as it should be";
      const row = [entry.name, mutant.name, isAsNamed(mutant, met) ? check : "MISSED"];
      rows.push([...row, String(met.stepsCount ?? "-"), met.seconds.toFixed(2)]);
    }
  }
  if (!json) {
    const columns = ["protocol", "mutant", "caught by"].map((title) => ({ title }));
    const figures = ["steps", "seconds"].map((title) => ({ title, align: "right" as const }));
    write(formatTable([...columns, ...figures], rows));
    say("Next: powlab protocol raft --mutant stale-votes, for the steps that lead to one");
  }
  if (missed.length > 0) {
    const message = `Not caught as they say: ${missed.join(", ")}.`;
    throw new CliError(message, exitCodes.unexpected);
  }
}
