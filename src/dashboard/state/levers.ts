/** The lab's levers over HTTP, and when they are disabled. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { type LabJson, labRoutes } from "../../contract/lab.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Connection, Dashboard, Levers, Moment } from "./dashboard.ts";

/** What decides whether a lever works. */
export type LeverContext = {
  readonly kind: Dashboard["kind"];
  readonly connection: ReadonlySignal<Connection>;
  readonly moment: ReadonlySignal<Moment>;
};

/** @param token the lab's; without it every lever refuses. */
export function labLevers(circumstances: LeverContext, token: string | null, base = ""): Levers {
  const refusal = computed(() => refusalIn(circumstances));
  const post = async <T>(path: string, body: unknown): Promise<Answer<T>> => {
    if (refusal.value !== null) return { ok: false, problem: refusal.value };
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    return ask<T>(base + path, { method: "POST", headers, body: JSON.stringify(body) });
  };
  const pull = (path: string, body: unknown = {}) => post<LabJson>(path, body);
  return {
    refusal,
    partition: (groups) => pull(labRoutes.partition, { groups }),
    heal: () => pull(labRoutes.heal),
    changeLink: (between, change) => pull(labRoutes.links, { between, ...change }),
    setShares: (shares) => pull(labRoutes.shares, shares),
    crash: (node) => pull(`${labRoutes.nodes}/${encodeURIComponent(node)}/crash`),
    restart: (node) => pull(`${labRoutes.nodes}/${encodeURIComponent(node)}/restart`),
    pay: (order) => post(labRoutes.payments, order),
    attack: (options) => post(labRoutes.attack, options),
    tryMany: (order) => post(labRoutes.trials, order),
  };
}

/** JSON, or the problem as a sentence. */
export async function ask<T>(url: string, request: RequestInit = {}): Promise<Answer<T>> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    if (!response.ok) return { ok: false, problem: problemIn(text, response.status) };
    return { ok: true, value: JSON.parse(text) as T };
  } catch {
    return { ok: false, problem: "The lab does not answer." };
  }
}

/** As a sentence; null if the levers work. */
function refusalIn({ kind, connection, moment }: LeverContext): string | null {
  if (kind === "replay") return "This is a recording: nothing in it can be changed.";
  if (kind === "node") return "This is a single node: only a lab can be changed.";
  const { state } = connection.value;
  switch (state) {
    case "waiting":
      return "The lab has not answered yet.";
    case "lost":
      return "The lab does not answer.";
    case "ended":
      return "The lab has ended.";
    case "open":
      return refusalAt(moment.value);
    default:
      return unreachable(state);
  }
}

function refusalAt({ story, isLive }: Moment): string | null {
  if (!isLive) return "This is an earlier moment: return to LIVE first.";
  return story.isStarted ? null : "The lab is still starting.";
}

/** Problem details, or plain text. */
function problemIn(text: string, status: number): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === "object" && problem !== null && "detail" in problem) {
      return String(problem.detail);
    }
  } catch {
    // Esplora's routes answer with plain text.
  }
  return text.trim() === "" ? `The lab answers with status ${status}.` : text.trim();
}
