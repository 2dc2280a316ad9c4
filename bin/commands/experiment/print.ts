/** What came of experiments in print: for people, for programs, and as a page. */

import { writeFile } from "node:fs/promises";
import { exactExperiments, experiments } from "../../../src/experiments/catalogue.ts";
import {
  type Claim,
  type Verdict,
  verdictOfFindings,
  verdictOfResult,
  worstOf,
} from "../../../src/experiments/engine/claim.ts";
import { describeTolerance, type Experiment } from "../../../src/experiments/engine/experiment.ts";
import type { Finding } from "../../../src/experiments/engine/finding.ts";
import type { Order } from "../../../src/experiments/engine/order.ts";
import type { Examined, PlanOutcome } from "../../../src/experiments/engine/plan.ts";
import { type Result, worstScore } from "../../../src/experiments/engine/result.ts";
import { csvOf, jsonOf, type Sheet, sheetOf } from "../../../src/experiments/engine/sheet.ts";
import { formatReport, sectionOf, sectionOfFindings } from "../../../src/experiments/report.ts";
import { messageOf } from "../../../src/primitives/error-message.ts";
import { interrupted, partialOf } from "../interruption.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts, formatTable } from "../table.ts";

export type PrintFlags = {
  readonly json?: true;
  readonly csv?: true;
  /** Where a page of it is written, too. */
  readonly html?: string;
};

/** `--quick` runs so few that it must be said what they can tell: a theory that is 10 % off. */
const quickRefusal = 0.1;

/**
 * @throws CliError if nothing is known, the run was broken off, or something is not as expected:
 *   after all that is known was printed.
 */
export async function printOutcome(
  order: Order,
  outcome: PlanOutcome,
  flags: PrintFlags,
): Promise<void> {
  if (outcome.results.length + outcome.examined.length === 0) throw interrupted([]);
  const { seed } = order.plan;
  switch (order.kind) {
    case "single":
      printSingle(outcome, seed, flags);
      break;
    case "table":
      printTable(outcome, seed, flags);
      break;
    case "exact":
      for (const examined of outcome.examined) printExact(examined, seed, flags);
      break;
    case "all":
    case "quick":
      printAll(recordsOf(outcome, order.kind === "quick"), seed, flags);
      break;
  }
  if (flags.json && outcome.isPartial) writeJson(partialOf(true));
  if (flags.html !== undefined) await writeReport(flags.html, outcome, seed);
  requireExpected(outcome);
}

function printSingle({ results, isPartial }: PlanOutcome, seed: string, flags: PrintFlags): void {
  for (const result of results) {
    const experiment = experimentOf(result);
    const { claim, source, refuses } = experiment;
    const verdict = verdictOfResult(experiment, result, undefined);
    if (flags.json) {
      writeJson({ ...jsonOf(result, seed), claim, source, verdict, ...partialOf(isPartial) });
      return;
    }
    const { columns, rows } = sheetOf("", [result]);
    const facts = columns.map((name, position) => [name, rows[0]?.[position] ?? ""] as const);
    const about = { ...aboutOf(experiment), "would refuse": refuses };
    write(`${claim}\n${formatFacts({ ...about, ...Object.fromEntries(facts), verdict })}`);
    say(`Next: powlab experiment ${experiment.id} table`);
  }
}

function printTable({ results }: PlanOutcome, seed: string, { csv, json }: PrintFlags): void {
  const [first] = results;
  if (first === undefined) return;
  const { title, table } = experimentOf(first);
  if (csv) write(csvOf(results));
  else if (json) for (const result of results) writeJson(jsonOf(result, seed));
  else {
    const sheets = [sheetOf(`${title}, seed ${seed}`, results), ...(table.extras?.() ?? [])];
    for (const sheet of sheets) write(`${sheet.title}\n${formatSheet(sheet)}\n`);
  }
}

function printExact({ id, findings }: Examined, seed: string, { json }: PrintFlags): void {
  const claim = exactNamed(id);
  const verdict = verdictOfFindings(claim, findings);
  if (json) {
    writeJson({
      id,
      code: claim.code,
      seed,
      claim: claim.claim,
      source: claim.source,
      verdict,
      findings,
    });
    return;
  }
  write(
    `${claim.claim}\n${formatFacts({ ...aboutOf(claim), verdict })}\n${formatFindings(findings)}`,
  );
}

function formatFindings(findings: readonly Finding[]): string {
  return formatTable(
    [{ title: "" }, { title: "measured" }, { title: "expected" }, { title: "" }],
    findings.map(({ what, measured, expected, holds }) => {
      return [what, measured, expected, holds ? "" : "differs"];
    }),
  );
}

function aboutOf({ code, lines, source }: Claim): Record<string, string> {
  return { claim: lines === undefined ? code : `${code}, essay ${lines}`, source };
}

/** An experiment with its verdict, and what was measured in a few words. */
type Standing = { readonly claim: Claim; readonly verdict: Verdict; readonly measured: string };

function recordsOf(outcome: PlanOutcome, isQuick: boolean): readonly Standing[] {
  const estimates = experiments.flatMap((claim): Standing[] => {
    const results = outcome.results.filter(({ id }) => id === claim.id);
    if (results.length === 0) return [];
    const verdicts = results.map((result) => {
      return verdictOfResult(claim, result, isQuick ? quickRefusal : undefined);
    });
    const count = results.length === 1 ? "1 estimate" : `${results.length} estimates`;
    const measured = `${count}, |z| ≤ ${worstScore(results).toFixed(2)}`;
    return [{ claim, verdict: worstOf(verdicts), measured }];
  });
  const exact = outcome.examined.map(({ id, findings }): Standing => {
    const claim = exactNamed(id);
    const met = findings.filter(({ holds }) => holds).length;
    const measured = `${met} of ${findings.length} findings as expected`;
    return { claim, verdict: verdictOfFindings(claim, findings), measured };
  });
  return [...estimates, ...exact];
}

function printAll(records: readonly Standing[], seed: string, { json }: PrintFlags): void {
  if (json) {
    for (const { claim, verdict, measured } of records) {
      const { id, code, group, lines = null, source } = claim;
      writeJson({ id, code, group, seed, claim: claim.claim, lines, source, verdict, measured });
    }
    return;
  }
  write(
    formatTable(
      [{ title: "code" }, { title: "id" }, { title: "verdict" }, { title: "measured" }],
      records.map(({ claim, verdict, measured }) => [claim.code, claim.id, verdict, measured]),
    ),
  );
  const counts = [...new Set(records.map(({ verdict }) => verdict))].map((verdict) => {
    return `${records.filter((record) => record.verdict === verdict).length} ${verdict}`;
  });
  say(`${records.length} experiments: ${counts.join(", ")}.`);
}

async function writeReport(path: string, outcome: PlanOutcome, seed: string): Promise<void> {
  const estimates = experiments.flatMap((each) => {
    const results = outcome.results.filter(({ id }) => id === each.id);
    return results.length > 0 ? [sectionOf(each, results)] : [];
  });
  const exact = outcome.examined.map(({ id, findings }) => {
    return sectionOfFindings(exactNamed(id), findings);
  });
  const footer = `Made by powlab with seed ${seed}: the same seed gives the same page.`;
  try {
    await writeFile(path, formatReport([...estimates, ...exact], footer));
  } catch (error) {
    const why = `The report cannot be written: ${messageOf(error)}.`;
    throw new CliError(why, exitCodes.failed, { cause: error });
  }
  say(`The report is in ${path}: open it in a browser.`);
}

function requireExpected({ results, examined, isPartial }: PlanOutcome): void {
  if (isPartial) throw interrupted([...results, ...examined]);
  const wrong = examined.find(({ findings }) => findings.some(({ holds }) => !holds));
  if (wrong !== undefined) {
    const finding = wrong.findings.find(({ holds }) => !holds);
    throw new CliError(
      `In ${wrong.id} ${finding?.what ?? "nothing"} is ${finding?.measured ?? "missing"}, ` +
        `and must be ${finding?.expected ?? "there"}.`,
      exitCodes.unexpected,
    );
  }
  const failed = results.filter(({ holds }) => !holds);
  const worst = failed.sort((a, b) => Math.abs(b.z ?? 0) - Math.abs(a.z ?? 0))[0];
  if (worst !== undefined) throw new CliError(describeFailure(worst), exitCodes.unexpected);
}

function describeFailure(result: Result): string {
  const { id, estimate, expected = NaN, z = NaN } = result;
  const limit = describeTolerance(experimentOf(result).tolerance);
  const [found, wanted] = [estimate, expected].map((value) => Number(value.toPrecision(6)));
  return (
    `In ${id} the estimate ${found} is ${Math.abs(z).toFixed(1)} standard errors from the expected ` +
    `${wanted}, and must be within ${limit}. Try another --seed: if it happens again, one of the ` +
    "two is wrong."
  );
}

function experimentOf({ id }: Result): Experiment {
  return found(experiments, id);
}

function exactNamed(id: string): Claim {
  return found(exactExperiments, id);
}

function found<C extends Claim>(claims: readonly C[], id: string): C {
  const claim = claims.find((each) => each.id === id);
  if (claim === undefined) throw new Error(`there is no experiment ${id}`);
  return claim;
}

function formatSheet({ columns, rows }: Sheet): string {
  return formatTable(
    columns.map((title) => ({ title, align: "right" })),
    rows,
  );
}
