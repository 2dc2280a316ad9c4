/** An attack on a live network: what comes before it, and what is put back behind it. */

import type {
  AttackName,
  AttackOptions,
  AttackVerdict,
  OptionsOf,
  VerdictOf,
} from "../../attacks/catalogue.ts";
import { attackerName } from "../../attacks/record/participants.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import type { AttackedLab, AttackRun } from "./attacked-lab.ts";
import { LiveDoubleSpend } from "./live-double-spend.ts";
import { LiveEclipse } from "./live-eclipse.ts";
import { LiveSelfishMining } from "./live-selfish-mining.ts";

/**
 * Carries the attack out, and puts the shares back afterwards.
 *
 * @throws LeverError if the attacker cannot begin, or nothing comes of it in time.
 */
export async function attackLive(
  lab: AttackedLab,
  run: AttackRun<AttackOptions>,
): Promise<AttackVerdict> {
  const attacker = lab.memberNamed(attackerName);
  if (attacker === undefined) throw new LeverError(`${attackerName} is not here`);
  const before = lab.shares;
  const { share } = run.options;
  try {
    if (share !== undefined) await lab.setShares({ [attackerName]: share });
    return await runAttack(lab, run, attacker);
  } finally {
    if (!run.closing.aborted) {
      lab.observer.setAttacker(undefined);
      await attacker.endAttack().catch(() => undefined); // it may have been crashed
      if (share !== undefined) await lab.setShares(before);
    }
  }
}

type LiveAttack<Name extends AttackName> = (
  lab: AttackedLab,
  run: AttackRun<OptionsOf<Name>>,
  attacker: Member,
) => Promise<VerdictOf<Name>>;

/** A lab without one of the attacks does not compile. */
const liveAttacks: { readonly [Name in AttackName]: LiveAttack<Name> } = {
  "double-spend": (lab, run, attacker) => new LiveDoubleSpend(lab, run, attacker).run(),
  "selfish-mining": (lab, run, attacker) => new LiveSelfishMining(lab, run, attacker).run(),
  eclipse: (lab, run, attacker) => new LiveEclipse(lab, run, attacker).run(),
};

function runAttack(
  lab: AttackedLab,
  run: AttackRun<AttackOptions>,
  attacker: Member,
): Promise<AttackVerdict> {
  // The type of the options chooses who takes them.
  const begin = liveAttacks[run.options.type] as LiveAttack<AttackName>;
  return begin(lab, run, attacker);
}
