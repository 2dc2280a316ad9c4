/** Behaviours for scripts: parts of those that replicas may have, and one that forges signatures. */

import type { PeerId } from "../../primitives/brand.ts";
import { digestOf, type Phase, phaseText } from "../../protocols/pbft/certificate.ts";
import { type Operation, type PbftMessage, readMessage } from "../../protocols/pbft/message.ts";
import type { Behaviour, ByzantineFilter } from "../../protocols/process/behaviour.ts";
import type { ProcessMachineEffect } from "../../protocols/process/process-machine.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import { decodeJson, encodeJson } from "../../protocols/process/wire.ts";

/** Does what the behaviour does, and sends messages of these types only. */
export function sendingOnly(
  types: readonly PbftMessage["type"][],
  behaviour: Behaviour,
): Behaviour {
  return {
    ...behaviour,
    create: (place): ByzantineFilter => {
      const inner = behaviour.create(place);
      return {
        get deviations() {
          return inner.deviations;
        },
        filter: (...now) => {
          const isKept = (effect: ProcessMachineEffect) => {
            return effect.type !== "send" || types.includes(messageIn(effect.message).type);
          };
          return inner.filter(...now).filter(isKept);
        },
      };
    },
  };
}

function messageIn(bytes: Uint8Array): PbftMessage {
  const verdict = decodeJson(bytes, readMessage);
  if (!verdict.ok) throw new Error(`a replica sends ${verdict.problem}`);
  return verdict.value;
}

/**
 * A primary that can sign in every name, as who has unlimited computational power could: with its
 * proposal each backup gets the prepares and commits of all others, to every second one for a no-op.
 */
export const forging: Behaviour = {
  name: "forging",
  does: "proposes two operations, and signs the votes of all others itself",
  create: ({ name, members }) => {
    let deviations = 0;
    const honest = members.filter((member) => member !== name);
    return {
      get deviations() {
        return deviations;
      },
      filter: (effects) => {
        return effects.flatMap((effect): readonly ProcessMachineEffect[] => {
          if (effect.type !== "send") return [effect];
          const message = messageIn(effect.message);
          if (message.type !== "pre-prepare") return [effect];
          deviations += 1;
          const isOther = honest.indexOf(effect.to) % 2 === 1;
          const operation: Operation = isOther ? { type: "no-op" } : message.operation;
          const forged = forgedFor(effect.to, { ...message, operation }, members);
          return forged.map((each) => ({ ...effect, message: encodeJson(each) }));
        });
      },
    };
  },
};

type PrePrepare = Extract<PbftMessage, { readonly type: "pre-prepare" }>;

/** All that one backup needs to carry out the operation. */
function forgedFor(
  to: PeerId,
  { view, number, operation }: PrePrepare,
  members: readonly PeerId[],
) {
  const content = { view, number, digest: digestOf(operation) };
  const [primary] = members as [PeerId];
  const signed = (signer: PeerId, phase: Phase) => {
    return fakeSignatures(signer).sign(phaseText(phase, content));
  };
  const proposed = signed(primary, "pre-prepare");
  const votes = members.filter((member) => member !== to);
  return [
    { type: "pre-prepare", ...content, operation, signature: proposed },
    ...votes.map((signer) => {
      return {
        type: "prepare",
        proposed,
        ...content,
        signer,
        signature: signed(signer, "prepare"),
      };
    }),
    ...votes.map((signer) => {
      return { type: "commit", ...content, signer, signature: signed(signer, "commit") };
    }),
  ];
}
