/** An attack on a live network: what comes before it, and what is put back behind it. */

import type { AttackOptions, AttackVerdict } from "../../contract/attacks.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { LeverError } from "../nodes/lever-error.ts";
import { LiveDoubleSpend } from "./live-double-spend.ts";
import { LiveEclipse } from "./live-eclipse.ts";
import { LiveSelfishMining } from "./live-selfish-mining.ts";
import type { Member } from "../nodes/member.ts";
import { attackerName } from "../nodes/participants.ts";
import type { AttackRun, Stage } from "./setup.ts";

/**
 * Carries the attack out, and puts the shares back afterwards.
 *
 * @throws LeverError if the attacker cannot begin, or nothing comes of it in time.
 */
export async function attackLive(
  stage: Stage,
  run: AttackRun<AttackOptions>,
): Promise<AttackVerdict> {
  const attacker = stage.memberNamed(attackerName);
  if (attacker === undefined) throw new LeverError(`${attackerName} is not here`);
  const before = stage.shares;
  const { share } = run.options;
  try {
    if (share !== undefined) await stage.setShares({ [attackerName]: share });
    return await play(stage, run, attacker);
  } finally {
    if (!run.signal.aborted) {
      stage.observer.setAttacker(undefined);
      await attacker.endAttack().catch(() => undefined); // it may have been crashed
      if (share !== undefined) await stage.setShares(before);
    }
  }
}

function play(
  stage: Stage,
  run: AttackRun<AttackOptions>,
  attacker: Member,
): Promise<AttackVerdict> {
  const { options } = run;
  switch (options.type) {
    case "double-spend":
      return new LiveDoubleSpend(stage, { ...run, options }, attacker).play();
    case "selfish-mining":
      return new LiveSelfishMining(stage, { ...run, options }, attacker).play();
    case "eclipse":
      return new LiveEclipse(stage, { ...run, options }, attacker).play();
    default:
      return unreachable(options);
  }
}
