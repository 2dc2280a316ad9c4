/** The scenarios of labs 2C and 2D of a course: restarts, bad links, and snapshots. */

import type { PeerId } from "../../primitives/brand.ts";
import type { LabScenario } from "./lab-agreement.ts";
import { delayMs, type LabWorld, timeoutMsMax } from "./lab-world.ts";

export const persistenceScenarios: readonly LabScenario[] = [
  { name: "all and single ones restart", servers: 3, run: restartSome },
  { name: "majorities restart in turn", servers: 5, run: restartMajorities },
  { name: "a leader and a follower swap", servers: 3, run: restartSwapped },
  { name: "Figure 8: leaders crash again and again", servers: 5, run: figure8 },
  { name: "agreement over bad links", servers: 5, run: badLinks },
  { name: "Figure 8 over bad links", servers: 5, run: figure8BadLinks },
  { name: "churn", servers: 5, run: churn },
  { name: "churn over bad links", servers: 5, run: churnBadLinks },
];

function restartSome(lab: LabWorld): void {
  lab.agree(3);
  lab.restart(...lab.names);
  lab.agree(3);
  const first = lab.leader();
  lab.restart(first);
  lab.agree(3);
  const second = lab.leader();
  lab.world.crash(second);
  lab.agree(2);
  lab.restart(second);
  lab.agree(3);
  const [third] = lab.others(lab.leader()) as [PeerId];
  lab.world.crash(third);
  lab.agree(2);
  lab.restart(third);
  lab.agree(3);
}

function restartMajorities(lab: LabWorld): void {
  for (let round = 0; round < 5; round++) {
    lab.agree(5);
    const away = lab.some(2);
    for (const name of away) lab.world.crash(name);
    lab.agree(3);
    const rest = lab.others(...away);
    for (const name of rest) lab.world.crash(name);
    // One of those that saw the last entry, and those that did not.
    lab.restart(...away, ...rest.slice(0, 1));
    lab.agree(3);
    lab.restart(...rest.slice(1));
  }
  lab.agree(5);
}

function restartSwapped(lab: LabWorld): void {
  lab.agree(3);
  const leader = lab.leader();
  const [near, away] = lab.others(leader) as [PeerId, PeerId];
  lab.cutOff(away);
  lab.agree(2);
  for (const name of [leader, near]) lab.world.crash(name);
  lab.reconnect(away);
  lab.restart(leader);
  lab.agree(2);
  lab.restart(near);
  lab.agree(3);
}

const rounds = 100;

/** A leader gets a write, and mostly crashes soon after; three are always up. */
function figure8(lab: LabWorld): void {
  lab.agree(1);
  for (let round = 0; round < rounds; round++) {
    const leaders = lab.reachable.filter((name) => lab.world.view(name).isLeader);
    for (const name of leaders) lab.start(name);
    const isLong = lab.random.nextBelow(10) === 0;
    lab.world.runFor(lab.random.nextBelow(isLong ? timeoutMsMax : 4 * delayMs));
    for (const name of leaders) if (lab.world.isUp(name)) lab.world.crash(name);
    if (lab.reachable.length >= 3) continue;
    const down = lab.names.filter((name) => !lab.world.isUp(name));
    lab.restart(lab.random.pick(down));
  }
  lab.restart(...lab.names.filter((name) => !lab.world.isUp(name)));
  lab.agree(5);
}

function badLinks(lab: LabWorld): void {
  lab.isReliable = false;
  for (let round = 0; round < 10; round++) {
    const leader = lab.leader();
    for (let extra = 0; extra < 4; extra++) lab.start(leader);
    lab.agree(1);
  }
  lab.isReliable = true;
  lab.agree(5);
}

/** Leaders are cut off instead of crashed. */
function figure8BadLinks(lab: LabWorld): void {
  lab.agree(1);
  lab.isReliable = false;
  for (let round = 0; round < rounds; round++) {
    const leaders = lab.reachable.filter((name) => lab.world.view(name).isLeader);
    for (const name of leaders) lab.start(name);
    lab.world.runFor(lab.random.nextBelow(timeoutMsMax));
    if (lab.random.nextBelow(2) === 0) lab.cutOff(...leaders);
    const away = lab.others(...lab.reachable);
    if (lab.reachable.length < 3) lab.reconnect(lab.random.pick(away));
  }
  lab.reconnect(...lab.names);
  lab.agree(5);
}

function churnBadLinks(lab: LabWorld): void {
  lab.isReliable = false;
  churn(lab);
}

/** Servers are cut off, come back, crash and restart, while writes go to all that lead. */
function churn(lab: LabWorld): void {
  lab.agree(1);
  const texts: string[] = [];
  for (let round = 0; round < 20; round++) {
    const [name] = lab.some(1) as [PeerId];
    if (lab.reachable.length > 3) {
      if (lab.random.nextBelow(2) === 0) lab.cutOff(name);
      else if (lab.world.isUp(name)) lab.world.crash(name);
    } else {
      lab.reconnect(...lab.names);
      lab.restart(...lab.names.filter((each) => !lab.world.isUp(each)));
    }
    const leaders = lab.names.filter(
      (each) => lab.world.isUp(each) && lab.world.view(each).isLeader,
    );
    texts.push(...leaders.map((leader) => lab.start(leader)));
    lab.world.runFor(lab.random.nextBelow(timeoutMsMax));
  }
  const before = Math.max(...texts.map((text) => lab.committedBy(text)));
  lab.require(before > 0, "nothing is committed meanwhile");
  lab.isReliable = true;
  lab.reconnect(...lab.names);
  lab.restart(...lab.names.filter((name) => !lab.world.isUp(name)));
  lab.agree(5);
}

export const snapshotScenarios: readonly LabScenario[] = [
  snapshots("nothing fails", {}),
  snapshots("for one that was cut off", { away: "cut-off" }),
  snapshots("over bad links", { away: "cut-off", isReliable: false }),
  snapshots("for one that crashed", { away: "crash" }),
  snapshots("for one that crashed, bad links", { away: "crash", isReliable: false }),
];

type Away = { readonly away?: "cut-off" | "crash"; readonly isReliable?: boolean };

function snapshots(name: string, { away, isReliable = true }: Away): LabScenario {
  return { name, servers: 3, takesSnapshots: true, run };

  function run(lab: LabWorld): void {
    lab.isReliable = isReliable;
    lab.agree(1);
    for (let round = 0; round < 6; round++) {
      const [victim] = lab.others(lab.leader()) as [PeerId];
      if (away === "cut-off") lab.cutOff(victim);
      if (away === "crash") lab.world.crash(victim);
      for (let entry = 0; entry < 25; entry++) {
        lab.start(lab.leader());
        lab.world.runFor(2 * delayMs);
      }
      lab.agree(2);
      if (away === "cut-off") lab.reconnect(victim);
      if (away === "crash") lab.restart(victim);
      lab.agree(isReliable ? 3 : 2);
    }
    lab.isReliable = true;
    lab.agree(3);
    const lengths = lab.names.map((each) => lab.world.view(each).log?.cells.length ?? 0);
    lab.require(Math.max(...lengths) < 50, `logs of ${lengths.join()} entries after snapshots`);
    const sent = lab.countOf("snapshot");
    lab.require(away === undefined || sent > 0, "no snapshot is sent");
  }
}
