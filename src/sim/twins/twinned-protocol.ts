/**
 * A protocol some of whose processes run twice: two hosts have one name, one key, and honest code,
 * and know nothing of each other. Together they do what a byzantine process does: they say one thing
 * here and another there.
 *
 * @see Bano et al., Twins: BFT Systems Made Robust, 2020
 */

import type { PeerId } from "../../primitives/brand.ts";
import type { Moment, ProcessEffect, ProcessEvent, Step } from "../../protocols/process/process.ts";
import type { News, Protocol } from "../../protocols/process/protocol.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import type { Timing } from "../../protocols/process/timers.ts";

export type Twins = {
  /** The names on the wire. */
  readonly members: readonly PeerId[];
  /** One for each member in the same order, and behind them a second one for each of the first. */
  readonly hosts: readonly PeerId[];
  /** True for a message that is lost between two hosts. @param era of the sender, such as its view. */
  readonly isLost: (from: PeerId, to: PeerId, message: unknown, era: number) => boolean;
};

/** The state of one host. */
type Hosted<S> = { readonly host: PeerId; readonly inner: S };

/** The same protocol; its processes are given the names of hosts, and say those of members. */
export function twinned<S, M, N extends News>(
  protocol: Protocol<S, M, N>,
  { members, hosts, isLost }: Twins,
): Protocol<Hosted<S>, M, N> {
  const nameOf = (host: PeerId) => members[hosts.indexOf(host) % members.length] as PeerId;

  const spread = (
    { host, inner }: Hosted<S>,
    effect: ProcessEffect<M, N>,
  ): readonly ProcessEffect<M, N>[] => {
    if (effect.type !== "send") return [effect];
    const { era } = protocol.view(inner);
    const receivers = hosts.filter((other) => other !== host && nameOf(other) === effect.to);
    const reached = receivers.filter((to) => !isLost(host, to, effect.message, era));
    return reached.map((to) => ({ ...effect, to }));
  };

  const { timing, ...others } = protocol;
  return {
    ...others,
    ...(timing && { timing: ofHosts(timing) }),
    start: ({ name: host }, disk) => {
      return { host, inner: protocol.start({ name: nameOf(host), members }, disk) };
    },
    step: (state, event, moment): Step<Hosted<S>, M, N> => {
      const name = nameOf(state.host);
      const own: Moment = { ...moment, signatures: fakeSignatures(name) };
      const step = protocol.step(state.inner, renamed(event, nameOf), own);
      const next = { host: state.host, inner: step.state };
      return { state: next, effects: step.effects.flatMap((effect) => spread(next, effect)) };
    },
    view: ({ inner }) => protocol.view(inner),
  };
}

function ofHosts<S>(timing: Timing<S>): Timing<Hosted<S>> {
  return {
    running: ({ inner }) => timing.running(inner),
    settled: ({ host, inner }) => ({ host, inner: timing.settled(inner) }),
    due: ({ host, inner }, name) => ({ host, inner: timing.due(inner, name) }),
  };
}

/** The sender of a message as its receiver knows it. */
function renamed<M>(event: ProcessEvent<M>, nameOf: (host: PeerId) => PeerId): ProcessEvent<M> {
  if (event.type !== "received" && event.type !== "malformed") return event;
  return { ...event, from: nameOf(event.from) };
}
