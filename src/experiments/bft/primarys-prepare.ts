/**
 * PBFT whose primary sends a prepare behind each proposal, as all others do. The proposal stands for
 * it where prepares are counted, so nothing but the number of messages is different.
 */

import type { PeerId } from "../../primitives/brand.ts";
import { phaseText } from "../../protocols/pbft/certificate.ts";
import type { Pbft } from "../../protocols/pbft/pbft.ts";
import type { PbftEffect } from "../../protocols/pbft/turn.ts";
import type { Moment } from "../../protocols/process/process.ts";

export function withPrimarysPrepare(protocol: Pbft): Pbft {
  return {
    ...protocol,
    step: (state, event, moment) => {
      const { state: next, effects } = protocol.step(state, event, moment);
      const { name } = next.setting;
      return {
        state: next,
        effects: effects.flatMap((effect) => withPrepare(effect, name, moment)),
      };
    },
  };
}

function withPrepare(
  effect: PbftEffect,
  signer: PeerId,
  { signatures }: Moment,
): readonly PbftEffect[] {
  if (effect.type !== "send" || effect.message.type !== "pre-prepare") return [effect];
  const { view, number, digest, signature: proposed } = effect.message;
  const content = { view, number, digest };
  const signature = signatures?.sign(phaseText("prepare", content)) ?? "";
  const message = { type: "prepare", proposed, ...content, signer, signature } as const;
  return [effect, { ...effect, message }];
}
