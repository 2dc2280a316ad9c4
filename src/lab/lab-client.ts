/** A running lab, as another process sees it. */

import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { AttackOptions, AttackVerdict } from "../attacks/catalogue.ts";
import type { AttackReport } from "../contract/attacks.ts";
import { labRoutes } from "../contract/lab.ts";
import type { ProblemJson } from "../contract/problem.ts";
import type { LabFacts } from "../contract/timeline.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { LeverError } from "./nodes/lever-error.ts";
import type { LabListener } from "./timeline/timeline.ts";

const pollIntervalMs = 250;
const answerTimeoutMs = 10_000;
/** Ten thousand blocks take minutes where many nodes check each. */
const leverTimeoutMs = 600_000;

/** No lab answers at this address. */
export class LabUnreachableError extends Error {
  constructor(url: string, cause: unknown) {
    super(`No lab answers at ${url}. Start one with \`powlab lab\`.`, { cause });
    this.name = "LabUnreachableError";
  }
}

/** Of the file in a lab's folder, for what changes the lab. */
export async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new LeverError(`The token of the lab cannot be read from ${file}: is it yours?`);
  }
}

export class LabClient {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  /**
   * Begins an attack and passes its steps on as they come, the verdict last.
   *
   * @throws LeverError if the lab refuses or breaks it off.
   */
  async attack(options: AttackOptions, onEvent: LabListener): Promise<AttackVerdict> {
    const pass = (facts: LabFacts): void => onEvent({ ...facts, at: Date.now() as Milliseconds });
    let report = await this.#ask("POST", labRoutes.attack, options);
    for (let passed = 0; ; report = await this.#ask("GET", labRoutes.attack)) {
      for (const step of report.steps.slice(passed)) pass({ type: "attack", step });
      passed = report.steps.length;
      if (report.verdict !== null) {
        pass(report.verdict);
        return report.verdict;
      }
      if (report.state !== "running") {
        throw new LeverError(
          `The attack was broken off: ${report.reason ?? "the lab gives no reason"}.`,
        );
      }
      await pause(pollIntervalMs);
    }
  }

  /** Breaks off the attack that is under way; all is as it was before when it resolves. */
  async endAttack(): Promise<void> {
    await this.#ask("POST", labRoutes.attackEnd);
  }

  /**
   * Pulls a lever that answers when its work is done.
   *
   * @throws LeverError with the lab's reason if it refuses.
   */
  pull<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.#ask("POST", path, body, leverTimeoutMs);
  }

  async #ask<Answer = AttackReport>(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    timeoutMs = answerTimeoutMs,
  ): Promise<Answer> {
    const answer = await this.#fetch(path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.ok) return (await answer.json()) as Answer;
    const problem = (await answer.json().catch(() => undefined)) as ProblemJson | undefined;
    throw new LeverError(problem?.detail ?? `The lab answers with status ${answer.status}.`);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url + path, init);
    } catch (error) {
      throw new LabUnreachableError(this.url, error);
    }
  }
}
