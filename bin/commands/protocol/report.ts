/** The end of a run of a protocol in figures, beside what theory says of a run without faults. */

import type { ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import type { Latency, ProtocolOutcome } from "../../../src/sim/process-world/protocol-run.ts";
import { costOfProtocol, type ProtocolCost } from "../../../src/theory/protocol-cost.ts";
import { formatFacts } from "../table.ts";

export function describeOutcome(
  { name }: Pick<ProtocolEntry, "name">,
  outcome: ProtocolOutcome,
  nodes: number,
): string {
  const cost = costOfProtocol(name);
  const { messages, elected, promises, failure } = outcome;
  const kinds = Object.entries(messages.byKind).map(([kind, count]) => `${count} ${kind}`);
  const list = kinds.length === 0 ? "" : `: ${kinds.join(", ")}`;
  const held = promises.filter((promise) => promise !== failure?.promise);
  const perRequest = describePerRequest(outcome, cost, nodes);
  return formatFacts({
    messages: `${messages.total}${list}`,
    crossings: `${messages.crossings} of links, ${messages.bytes} bytes of messages`,
    ...(perRequest !== undefined && { "a request": perRequest }),
    latency: describeLatency(outcome.latency, cost),
    availability: describeAvailability(outcome),
    leaders:
      elected.length === 0
        ? "none"
        : elected.map(({ name: who, era }) => `${who} (${era})`).join(", "),
    ...describeByzantine(outcome),
    holds: held.length === 0 ? "nothing was checked" : [...new Set(held)].join(", "),
    ...(failure && { broken: `${failure.promise}: ${failure.message}` }),
  });
}

/** What byzantine processes did, and what is proven of them. */
function describeByzantine({ byzantine }: ProtocolOutcome) {
  const { deviations = {}, evidence = [] } = byzantine ?? {};
  const done = Object.entries(deviations).map(([name, count]) => `${name} ${count}`);
  const proven = evidence.map(({ by, evidence: { culprit, about } }) => {
    return `${by} has two signed statements of ${culprit} for ${about}`;
  });
  const [first, ...others] = proven;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return {
    ...(done.length > 0 && { deviations: done.join(", ") }),
    ...(first !== undefined && { evidence: first + more }),
  };
}

function describePerRequest(
  { messages }: ProtocolOutcome,
  cost: ProtocolCost | undefined,
  nodes: number,
): string | undefined {
  if (messages.perRequest === undefined) return undefined;
  const apart = (cost?.apart ?? []).map((kind) => `, ${kind} messages apart`).join("");
  const measured = `${messages.perRequest.toFixed(1)} messages beyond those without requests${apart}`;
  if (cost === undefined) return measured;
  return `${measured}; by the formula ${cost.formula} = ${cost.messages(nodes)}`;
}

function describeLatency(latency: Latency, cost: ProtocolCost | undefined): string {
  const { atLeaderMs, elsewhereMs, medianMs, oneWayMs } = latency;
  if (medianMs === undefined) return "no request was answered";
  const inDelays = (ms: number) => {
    return oneWayMs === undefined
      ? `${ms} ms`
      : `${Number((ms / oneWayMs).toFixed(2))} one-way delays`;
  };
  const parts = [
    ...(atLeaderMs === undefined ? [] : [`${inDelays(atLeaderMs)} beside the leader`]),
    ...(elsewhereMs === undefined ? [] : [`${inDelays(elsewhereMs)} elsewhere`]),
  ];
  const formula = cost === undefined ? "" : `; by the formula ${cost.delays} beside the leader`;
  return `${parts.join(", ")}${formula}`;
}

function describeAvailability({ availability }: ProtocolOutcome): string {
  const { asked, answered, aborted, givenUp, longestPauseMs } = availability;
  const share = asked === 0 ? 0 : Math.round((100 * answered) / asked);
  const rest = [
    ...(aborted > 0 ? [`${aborted} aborted`] : []),
    ...(givenUp > 0 ? [`${givenUp} without an answer`] : []),
  ];
  const others = rest.length === 0 ? "" : ` (${rest.join(", ")})`;
  const pause = (longestPauseMs / 1000).toFixed(2);
  return `${share} % of ${asked} requests${others}, the longest pause ${pause} s`;
}
