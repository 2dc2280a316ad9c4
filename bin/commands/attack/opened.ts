/** An attack on what is opened for it: a lab, or an attacker among nodes that run already. */

import type { AttackOptions, AttackVerdict } from "../../../src/attacks/catalogue.ts";
import type { AttackReport } from "../../../src/contract/attacks.ts";
import type { LabEvent } from "../../../src/contract/timeline.ts";
import { CliError } from "../output.ts";

export type Ending = AttackVerdict | NodeJS.Signals;
export type Show = (event: LabEvent) => void;

/** What is opened for one attack, and closed afterwards. */
export type OpenedForAttack = {
  readonly begin: (options: AttackOptions) => void;
  readonly untilEnded: () => Promise<AttackReport>;
  readonly close: () => Promise<unknown>;
};

/** @param onEvent gets what happens. @returns undefined if it was interrupted before it was open. */
export type OpenForAttack = (
  onEvent: Show,
  interrupted: Promise<unknown>,
) => Promise<OpenedForAttack | undefined>;

/** Shows the verdict as the last of all events. */
export async function attackOpened(
  open: OpenForAttack,
  options: AttackOptions,
  show: Show,
  interrupted: Promise<NodeJS.Signals>,
): Promise<Ending> {
  let verdict: LabEvent | undefined;
  const hold = (event: LabEvent): void => {
    if (event.type === "verdict") verdict = event;
    else if (event.type !== "summary") show(event);
  };
  const opened = await open(hold, interrupted);
  if (opened === undefined) return interrupted;
  opened.begin(options);
  const ending = await Promise.race([opened.untilEnded(), interrupted]);
  await opened.close();
  if (typeof ending === "string") return ending;
  if (ending.verdict === null) {
    throw new CliError(`The attack was broken off: ${ending.reason ?? "without a reason"}.`);
  }
  if (verdict !== undefined) show(verdict);
  return ending.verdict;
}
