/** What the commands of `powlab simulate` have in common: options, a verifier, and what a run costs. */

import { setImmediate as breathe } from "node:timers/promises";
import type { Command } from "commander";
import type { SignatureVerifier } from "../../../src/primitives/signature.ts";
import { sayProblem, shortNumber } from "../output.ts";

export type SimulateOptions = { readonly seed: string; readonly json?: true };

export function withSimulateOptions(command: Command): Command {
  return command
    .option("--seed <text>", "the random seed, any text: the same seed gives the same run", "1")
    .option("--json", "write data for programs; the transcript goes to stderr");
}

/** More signatures than any scenario has. */
const knownSignaturesMax = 10_000;

/** A block is verified by every node, its signatures once. */
export async function createVerifier(): Promise<SignatureVerifier> {
  const { adoptHasher } = await import("../../../src/io/hashing/hasher-choice.ts");
  for (const warning of adoptHasher().warnings) sayProblem(warning);
  const verifiers = await import("../../../src/io/verifying/signature-verifier.ts");
  return verifiers.createCachingVerifier(verifiers.createTinyVerifier(), knownSignaturesMax);
}

/** What a simulation cost this machine: unlike its outcome, never twice the same. */
export type Cost = {
  readonly wallMs: number;
  readonly eventsPerSecond: number;
  /** The most memory that this process ever had. */
  readonly peakMemoryBytes: number;
};

/** Runs a simulation and measures it. */
export function measure<T extends { readonly events: number }>(
  simulate: () => T,
): { readonly outcome: T; readonly cost: Cost } {
  const startedAtMs = performance.now();
  const outcome = simulate();
  return { outcome, cost: costOf(outcome.events, startedAtMs) };
}

/** @param startedAtMs by this process's own clock. */
export function costOf(events: number, startedAtMs: number): Cost {
  const wallMs = performance.now() - startedAtMs;
  return {
    wallMs: Math.round(wallMs),
    eventsPerSecond: Math.round((events * 1000) / wallMs),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** A simulation in virtual time that can be carried out in pieces. */
export interface Stepwise {
  /** From 0 to 1. */
  readonly progress: number;
  /** Answers whether something is left to happen. */
  advance(eventsMax: number): boolean;
}

/** Some milliseconds of work. */
const stepEvents = 20_000;

/** Carries it out to its end, or until Ctrl-C; answers whether it came to its end. */
export async function playStepwise(
  simulation: Stepwise,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<boolean> {
  while (!signal.aborted) {
    if (!simulation.advance(stepEvents)) return true;
    onProgress(simulation.progress);
    await breathe();
  }
  return false;
}

/** One line for people. */
export function describeCost(events: number, { wallMs, eventsPerSecond, peakMemoryBytes }: Cost) {
  const rate = `${shortNumber(events)} events in ${(wallMs / 1000).toFixed(1)} s`;
  const memory = `${Math.round(peakMemoryBytes / 1e6)} MB of memory at most`;
  return `${rate}, ${shortNumber(eventsPerSecond)} a second; ${memory}`;
}
