/**
 * Writes test/vectors/raft-twin.json.gz: random scripts, and what another implementation of Raft
 * makes of them. That is npm's @coaty/consensus.raft 1.0.0 (Apache-2.0), a port of etcd's raft to
 * TypeScript. It is no dependency: it is fetched into a temporary folder, and of it only the port
 * (`ported/`) is used, with stubs for `debug` and its `raft-controller`.
 *
 * Usage: npm run twins
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const source = "@coaty/consensus.raft@1.0.0";
const scriptCount = 1000;
const stepCount = 20;
const target = new URL("../vectors/raft-twin.json.gz", import.meta.url);

function unpack(folder) {
  const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  const file = execFileSync("npm", ["pack", "--silent", source], options).trim().split("\n").at(-1);
  execFileSync("tar", ["-xzf", file], options);
  const debug = join(folder, "package/node_modules/debug");
  mkdirSync(debug, { recursive: true });
  const silent = "const silent = () => {};\nsilent.extend = () => silent;\n";
  writeFileSync(join(debug, "index.js"), `${silent}module.exports = () => silent;\n`);
  const controller = join(folder, "package/non-ported/raft-controller.js");
  writeFileSync(controller, "exports.emptyRaftData = null;\n");
  const load = createRequire(join(folder, "package/ported/"));
  const parts = ["raft", "rawnode", "storage", "raftpb/raft.pb", "raftpb/confstate", "logger"];
  return Object.assign({}, ...parts.map((part) => load(`./${part}.js`)));
}

/** xorshift32. */
function randomOf(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

/** Steps: campaign, propose, beat (heartbeats), split into two sides, heal, restart. */
function runScript(twin, seed) {
  const below = randomOf(seed);
  const count = 3 + below(5);
  const preVote = below(2) === 0;
  const cluster = new TwinCluster(twin, count, preVote);
  const steps = [];
  const outcomes = [];
  for (let at = 0; at < stepCount; at++) {
    const step = drawStep(cluster, below, at);
    steps.push(step);
    cluster.run(step);
    outcomes.push(cluster.changes());
  }
  return { count, preVote, steps, outcomes };
}

function drawStep(cluster, below, at) {
  const kind = below(100);
  const leaders = cluster.names.filter((name) => cluster.isLeader(name));
  const any = cluster.names[below(cluster.names.length)];
  if (leaders.length === 0 || kind < 20) return ["campaign", any];
  const leader = leaders[below(leaders.length)];
  if (kind < 50) return ["propose", leader, `p${at}`];
  if (kind < 70) return ["beat", leader];
  if (kind < 80) return ["restart", any];
  if (kind < 90) return ["heal"];
  return ["split", cluster.names.filter(() => below(2) === 0)];
}

const roleLetters = {
  StateFollower: "F",
  StatePreCandidate: "P",
  StateCandidate: "C",
  StateLeader: "L",
};

class TwinCluster {
  constructor(twin, count, preVote) {
    this.twin = twin;
    this.preVote = preVote;
    this.names = Array.from({ length: count }, (_, at) => String(at + 1));
    this.nodes = new Map(this.names.map((name) => [name, this.start(name, this.firstStorage())]));
    this.network = [];
    this.side = [];
    this.shown = new Map();
    for (const name of this.names) this.shown.set(name, this.show(name));
  }

  firstStorage() {
    const { MemoryStorage, ConfState, Entry, Snapshot, SnapshotMetadata } = this.twin;
    const confState = new ConfState({ voters: this.names });
    const metadata = new SnapshotMetadata({ confState, index: 0, term: 0 });
    return new MemoryStorage({ snapshot: new Snapshot({ metadata }), ents: [new Entry()] });
  }

  start(name, storage) {
    const { RawNode, RaftConfig, discardLogger } = this.twin;
    const config = new RaftConfig({
      id: name,
      electionTick: 1_000_000,
      heartbeatTick: 1,
      storage,
      maxSizePerMsg: Number.MAX_SAFE_INTEGER,
      maxInflightMsgs: 256,
      preVote: this.preVote,
      checkQuorum: false,
      logger: discardLogger,
    });
    return { storage, raw: RawNode.NewRawNode(config) };
  }

  isLeader(name) {
    return this.nodes.get(name).raw.raft.state === this.twin.StateType.StateLeader;
  }

  run([kind, name, data]) {
    const raw = this.nodes.get(name)?.raw;
    if (kind === "campaign") raw.campaign();
    if (kind === "propose") raw.propose(data);
    if (kind === "beat") raw.tick();
    if (kind === "restart") this.restart(name);
    if (kind === "heal") this.side = [];
    if (kind === "split") this.side = name;
    this.settle();
  }

  /** What is committed is not kept, as in the paper: it is learned from the next leader. */
  restart(name) {
    const { storage } = this.nodes.get(name);
    const { term, vote } = storage.hardState;
    storage.SetHardState(new this.twin.HardState({ term, vote, commit: 0 }));
    this.nodes.set(name, this.start(name, storage));
  }

  settle() {
    for (let rounds = 0; rounds < 1000; rounds++) {
      const ready = this.names.filter((name) => this.nodes.get(name).raw.hasReady());
      for (const name of ready) this.handleReady(name);
      const before = this.network.length;
      for (const name of this.names) this.deliverTo(name);
      if (ready.length === 0 && before === this.network.length) return;
    }
    throw new Error("the twin did not become quiet");
  }

  handleReady(name) {
    const { raw, storage } = this.nodes.get(name);
    const ready = raw.ready();
    if (!ready.hardState.isEmptyHardState()) storage.SetHardState(ready.hardState);
    storage.Append(ready.entries);
    for (const message of ready.messages) {
      const isOpen = this.side.includes(message.from) === this.side.includes(message.to);
      if (isOpen) this.network.push(message);
    }
    raw.advance(ready);
  }

  deliverTo(name) {
    const messages = this.network.filter(({ to }) => to === name);
    this.network = this.network.filter(({ to }) => to !== name);
    for (const message of messages) this.nodes.get(name).raw.step(message);
  }

  /** Role, term, commit and log, such as `L 3 2 1 3:p4`. */
  show(name) {
    const { raft } = this.nodes.get(name).raw;
    const [entries] = raft.raftLog.entries(1, Number.MAX_SAFE_INTEGER);
    const log = entries.map(({ term, data }) => (data === null ? `${term}` : `${term}:${data}`));
    const role = roleLetters[this.twin.StateType[raft.state]];
    return [role, raft.term, raft.raftLog.committed, ...log];
  }

  /**
   * What is new since the step before, a text for each node that changed: its name, role, term,
   * commit, how many entries of its log stayed, and the entries behind those.
   */
  changes() {
    return this.names.flatMap((name) => {
      const [before, now] = [this.shown.get(name), this.show(name)];
      this.shown.set(name, now);
      if (before.join() === now.join()) return [];
      const [oldLog, log] = [before.slice(3), now.slice(3)];
      let kept = 0;
      while (kept < log.length && log[kept] === oldLog[kept]) kept++;
      return [[name, ...now.slice(0, 3), kept, ...log.slice(kept)].join(" ")];
    });
  }
}

const folder = mkdtempSync(join(tmpdir(), "raft-twin-"));
try {
  const twin = unpack(folder);
  const scripts = Array.from({ length: scriptCount }, (_, at) => runScript(twin, at + 1));
  const bytes = gzipSync(JSON.stringify({ source, scripts }), { level: 9 });
  writeFileSync(target, bytes);
  console.log(`${scripts.length} scripts of ${stepCount} steps, ${bytes.length} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
