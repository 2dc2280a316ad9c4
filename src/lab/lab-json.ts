/** What a lab answers about itself over HTTP. */

import type { LabJson, LabNodeJson } from "../contract/lab.ts";
import type { Participant } from "../contract/network.ts";
import { LeverError } from "./nodes/lever-error.ts";
import type { Links } from "./nodes/links.ts";
import type { MemberStatus } from "./nodes/member.ts";
import type { Members } from "./nodes/members.ts";
import type { LabMiners } from "./nodes/miners.ts";
import type { NetworkObserver } from "./timeline/network-observer.ts";

/** The parts of a lab that know the answers. */
export type DescribedLab = Pick<LabJson, "version" | "network" | "seed" | "hashrate" | "attack"> & {
  readonly timelinePath: string;
  readonly participants: readonly Participant[];
  readonly members: Members;
  readonly miners: LabMiners;
  readonly links: Links;
  readonly observer: NetworkObserver;
  readonly addressOf: (name: string) => string;
  readonly apiOf: (name: string) => string;
};

export async function labJson(lab: DescribedLab): Promise<LabJson> {
  const { version, network, seed, hashrate, attack, participants, links, observer, timelinePath } =
    lab;
  return {
    version,
    network,
    seed,
    hashrate,
    nodes: await Promise.all(participants.map((participant) => nodeJson(lab, participant))),
    partition: links.partition,
    agreement: observer.isAgreed,
    attack,
    timeline: timelinePath,
  };
}

async function nodeJson(lab: DescribedLab, { name, role }: Participant): Promise<LabNodeJson> {
  const { members, miners } = lab;
  const { peerId } = members.memberOf(name);
  const { height, tip, hashesPerSecond, peers } = await statusOf(lab, name);
  return {
    name,
    role,
    url: lab.apiOf(name),
    peerId,
    address: lab.addressOf(name),
    isUp: members.isUp(name),
    share: miners.shares[name] ?? null,
    hashrate: miners.hashrateOf(name),
    hashesPerSecond,
    height,
    tip,
    peers: members.up.filter((each) => peers.includes(each.peerId)).map((each) => each.name),
  };
}

/** Of a node that is down: its last known tip. */
async function statusOf(lab: DescribedLab, name: string): Promise<Omit<MemberStatus, "work">> {
  const { members, observer } = lab;
  const member = members.upNamed(name);
  try {
    if (member !== undefined) return await member.status();
  } catch (error) {
    if (members.upNamed(name) === member) throw error;
  }
  const last = observer.tipOf(name);
  if (last === undefined) throw new LeverError(`${name} is not ready yet; try again.`);
  return { height: last.height, tip: last.hash, hashesPerSecond: 0, peers: [] };
}
