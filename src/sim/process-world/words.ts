/** Requests and answers of clients as a transcript words them. */

import { unreachable } from "../../primitives/verdict.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import type { Ended } from "./client.ts";
import type { FinalAnswer } from "./workload.ts";

/** One line: what was asked, how it ended, and how long that took. */
export function describeEnded({ command, answer, latencyMs, at }: Ended): string {
  const asked = describeCommand(command);
  if (answer === undefined) return `${asked}: no answer within ${latencyMs} ms, outcome unknown`;
  return `${asked}: ${describeAnswer(answer)} after ${latencyMs} ms from ${at ?? "?"}`;
}

export function describeCommand(command: Command): string {
  switch (command.type) {
    case "read":
      return `reads ${command.key}`;
    case "write":
      return `writes ${command.key} = ${show(command.value)}`;
    case "compare-and-set":
      return `sets ${command.key} = ${show(command.to)} if it is ${show(command.from)}`;
    case "propose":
      return `proposes ${show(command.value)}`;
    default:
      return unreachable(command);
  }
}

export function describeAnswer(answer: FinalAnswer): string {
  switch (answer.type) {
    case "read":
      return show(answer.value);
    case "written":
      return "done";
    case "compared":
      return answer.isSet ? "done" : "it is not";
    case "decided":
      return `${show(answer.value)} is decided`;
    case "aborted":
      return `aborted, ${answer.reason},`;
    default:
      return unreachable(answer);
  }
}

/** So that 0, "0", "" and false look different. */
function show(value: unknown): string {
  return JSON.stringify(value);
}
