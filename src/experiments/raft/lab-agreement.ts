/** The scenarios of labs 2A and 2B of a course: elections, and agreement while servers come and go. */

import type { PeerId } from "../../primitives/brand.ts";
import { delayMs, type LabWorld, timeoutMsMax } from "./lab-world.ts";

export type LabScenario = {
  readonly name: string;
  readonly servers: number;
  /** With a snapshot after every few entries. */
  readonly takesSnapshots?: true;
  /** @throws BrokenPromiseError with a reason if something is not as it must be. */
  readonly run: (lab: LabWorld) => void;
};

export const electionScenarios: readonly LabScenario[] = [
  { name: "initial election", servers: 3, run: initialElection },
  { name: "re-election", servers: 3, run: reelection },
  { name: "many elections", servers: 7, run: manyElections },
];

/** Nothing fails: the leader stays, and so does the term. */
function initialElection(lab: LabWorld): void {
  const leader = lab.leader();
  const { era } = lab.world.view(leader);
  const votes = lab.countOf("vote", "vote-reply");
  lab.require(votes <= 30, `${votes} messages elect the first leader`);
  lab.world.runFor(5 * timeoutMsMax);
  lab.require(lab.leader() === leader, "the leader changes though nothing fails");
  lab.require(lab.world.view(leader).era === era, "the term changes though nothing fails");
}

function reelection(lab: LabWorld): void {
  const first = lab.leader();
  lab.cutOff(first);
  const second = lab.leader();
  lab.require(second !== first, "one that is cut off leads");
  lab.reconnect(first);
  lab.world.runFor(timeoutMsMax);
  lab.require(lab.leader() === second, "the old leader disturbs the new one");
  const [third] = lab.others(first, second) as [PeerId];
  lab.cutOff(second, third);
  lab.requireNoLeader();
  lab.reconnect(third);
  lab.leader();
  lab.reconnect(second);
  lab.leader();
}

/** Three of seven are cut off, ten times: the others have a leader, or elect one. */
function manyElections(lab: LabWorld): void {
  lab.leader();
  for (let round = 0; round < 10; round++) {
    const away = lab.some(3);
    lab.cutOff(...away);
    lab.leader();
    lab.reconnect(...away);
  }
  lab.leader();
}

export const agreementScenarios: readonly LabScenario[] = [
  { name: "basic agreement", servers: 5, run: basicAgreement },
  { name: "agreement though a follower is away", servers: 3, run: followerAway },
  { name: "no agreement without a quorum", servers: 5, run: noQuorum },
  { name: "concurrent starts", servers: 3, run: concurrentStarts },
  { name: "rejoin of a leader that was cut off", servers: 3, run: rejoin },
  { name: "backup over logs that conflict", servers: 5, run: backup },
  { name: "progress in a majority only", servers: 5, run: onePartition },
  { name: "counts of messages", servers: 3, run: counts },
];

function basicAgreement(lab: LabWorld): void {
  for (let round = 0; round < 3; round++) lab.agree(5);
}

function followerAway(lab: LabWorld): void {
  lab.agree(3);
  const [away] = lab.others(lab.leader()) as [PeerId];
  lab.cutOff(away);
  for (let round = 0; round < 4; round++) lab.agree(2);
  lab.world.runFor(timeoutMsMax);
  lab.agree(2);
  lab.reconnect(away);
  for (let round = 0; round < 2; round++) lab.agree(3);
}

function noQuorum(lab: LabWorld): void {
  lab.agree(5);
  const leader = lab.leader();
  const away = lab.others(leader).slice(0, 3);
  lab.cutOff(...away);
  const text = lab.start(leader);
  lab.world.runFor(2 * timeoutMsMax);
  const committed = lab.committedBy(text);
  lab.require(committed === 0, `${committed} commit without a majority`);
  lab.reconnect(...away);
  lab.agree(5);
}

function concurrentStarts(lab: LabWorld): void {
  const leader = lab.leader();
  const texts = Array.from({ length: 5 }, () => lab.start(leader));
  const isDone = () => texts.every((text) => lab.committedBy(text) === 3);
  lab.require(lab.world.runUntil(isDone, timeoutMsMax), "five at once are not all committed");
}

/** An old leader has entries that no other server has; then the next one is cut off, too. */
function rejoin(lab: LabWorld): void {
  lab.agree(3);
  const first = lab.leader();
  lab.cutOff(first);
  const lost = Array.from({ length: 3 }, () => lab.start(first));
  lab.agree(2);
  const second = lab.leader();
  lab.cutOff(second);
  lab.reconnect(first);
  lab.agree(2);
  lab.reconnect(second);
  lab.agree(3);
  const kept = lost.filter((text) => lab.committedBy(text) > 0);
  lab.require(kept.length === 0, "what a leader had alone is committed");
}

const backlog = 50;

/** Two parts of the servers have long logs that the others do not, one after the other. */
function backup(lab: LabWorld): void {
  lab.agree(5);
  const first = lab.leader();
  const minority = [first, ...lab.others(first).slice(0, 1)];
  const majority = lab.others(...minority);
  lab.cutOff(...majority);
  const lost = Array.from({ length: backlog }, () => lab.start(first));
  lab.world.runFor(5 * delayMs);
  lab.cutOff(...minority);
  lab.reconnect(...majority);
  const second = lab.leader();
  for (let entry = 0; entry < backlog; entry++) lab.start(second);
  lab.agree(3);
  // The leader is left with one other, and writes what is lost, too.
  const [away] = majority.filter((name) => name !== second) as [PeerId];
  lab.cutOff(away);
  lost.push(...Array.from({ length: backlog }, () => lab.start(second)));
  lab.world.runFor(0);
  lab.cutOff(...majority);
  lab.reconnect(...minority, away);
  const third = lab.leader();
  for (let entry = 0; entry < backlog; entry++) lab.start(third);
  lab.agree(3);
  lab.reconnect(...lab.names);
  lab.agree(5);
  const kept = lost.slice(0, backlog).filter((text) => lab.committedBy(text) > 0);
  lab.require(kept.length === 0, "what a minority had is committed");
}

/** What the minority was asked is done once it is back, or never. */
function onePartition(lab: LabWorld): void {
  lab.agree(5);
  const old = lab.leader();
  const minority = [old, ...lab.others(old).slice(0, 1)];
  lab.cutOff(...minority);
  const text = lab.start(old);
  for (let round = 0; round < 5; round++) lab.agree(3);
  const committed = lab.committedBy(text);
  lab.require(committed === 0, `${committed} commit what a minority was asked`);
  lab.reconnect(...minority);
  lab.agree(5);
}

/** The course's limits: (10 + 1 + 3) · 3 requests for ten entries, 60 in an idle second. */
function counts(lab: LabWorld): void {
  const leader = lab.leader();
  lab.world.runFor(timeoutMsMax);
  const before = lab.countOf("append");
  const texts = Array.from({ length: 10 }, () => lab.start(leader));
  const isDone = () => texts.every((text) => lab.committedBy(text) === 3);
  lab.require(lab.world.runUntil(isDone, timeoutMsMax), "ten entries are not committed");
  const requests = lab.countOf("append") - before;
  lab.require(requests <= 42, `${requests} requests agree on ten entries`);
  const idleBefore = lab.world.sent.length;
  lab.world.runFor(1_000);
  const idle = lab.world.sent.length - idleBefore;
  lab.require(idle <= 60, `${idle} messages in an idle second`);
}
