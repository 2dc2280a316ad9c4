/**
 * Bugs to plant: each changes one place of the sources. `tests` are asked if chaos finds nothing,
 * because what one bug breaks no fault and no peer may bring to light.
 */

export type Bug = {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What finds it where chaos does not. */
  readonly tests: readonly string[];
};

export const bugs: readonly Bug[] = [
  {
    name: "wrong undo: what a block made goes before what it spent comes back",
    file: "src/chain/connect.ts",
    find: `    if (!isCoinbase(transaction)) {
      for (const { previous } of transaction.inputs.toReversed()) {
        layer.add(previous, undo[--left] as Coin);
      }
    }
    const txid = txidOf(transaction);
    for (const index of transaction.outputs.keys()) layer.remove({ txid, index });
  }
  if (left`,
    replace: `    const txid = txidOf(transaction);
    for (const index of transaction.outputs.keys()) layer.remove({ txid, index });
  }
  for (const transaction of block.transactions.toReversed()) {
    if (isCoinbase(transaction)) continue;
    for (const { previous } of transaction.inputs.toReversed()) {
      layer.add(previous, undo[--left] as Coin);
    }
  }
  if (left`,
    tests: ["test/chain"],
  },
  {
    name: "equal work moves the tip",
    file: "src/chain/fork-choice.ts",
    find: "entry.work > tip.work",
    replace: "entry.work >= tip.work",
    tests: ["test/chain"],
  },
  {
    name: "among branches that one body completes, the first header wins",
    file: "src/chain/tree.ts",
    find: ".sort((a, b) => a.sequence - b.sequence)",
    replace: "",
    tests: ["test/chain"],
  },
  {
    name: "children of invalid blocks are kept without a bound",
    file: "src/chain/chain.ts",
    find: "return rejected(checked.ok ? problemOfChild(parent) : checked.problem);",
    replace: "return this.#reject(block.header, parent, problemOfChild(parent), now);",
    tests: ["test/chain"],
  },
  {
    name: "persist after send",
    file: "src/node/node.ts",
    find: "    return this.#effects;\n",
    replace: `    const late = this.#effects.filter(({ type }) => type === "persist");
    return [...this.#effects.filter(({ type }) => type !== "persist"), ...late];
`,
    tests: ["test/node"],
  },
  {
    name: "forgotten mempool return",
    file: "src/mempool/mempool.ts",
    find: "const again = disconnected.map(",
    replace: "const again = disconnected.slice(0, 0).map(",
    tests: ["test/mempool"],
  },
  {
    name: "readmitted payments are not sent on",
    file: "src/node/node.ts",
    find: "this.#outbox.add([...moved.readmitted, ...moved.adopted], this.#now.elapsed);",
    replace: "",
    tests: ["test/node"],
  },
  {
    name: "a peer is asked only once what waits there",
    file: "src/peers/sync.ts",
    find: "if (now < peer.mempoolDueAt || ",
    replace: "if (peer.mempoolDueAt > 0 || ",
    tests: ["test/node", "test/peers"],
  },
  {
    name: "mutated block remembered as invalid",
    file: "src/consensus/problem.ts",
    find: 'return "body";',
    replace: 'return "block";',
    tests: ["test/consensus", "test/chain"],
  },
  {
    name: "low-work headers stored",
    file: "src/chain/chain.ts",
    find: "if (last.work < workMin)",
    replace: "if (last.work < 0n)",
    tests: ["test/chain", "test/peers"],
  },
  {
    name: "orphan cap missing",
    file: "src/mempool/orphans.ts",
    find: "    if (this.count > this.#policy.orphansMax) this.#dropOne();\n",
    replace: "    if (this.count > Infinity) this.#dropOne();\n",
    tests: ["test/mempool"],
  },
  {
    name: "coinbase maturity off by one",
    file: "src/consensus/spend.ts",
    find: "depth < maturity)",
    replace: "depth < maturity - 1)",
    tests: ["test/consensus"],
  },
  {
    name: "a coinbase may take one satoshi too much",
    file: "src/chain/connect.ts",
    find: "if (claimed > allowed)",
    replace: "if (claimed > allowed + 1)",
    tests: ["test/chain"],
  },
  {
    name: "a spent coin stays",
    file: "src/chain/connect.ts",
    find: "      for (const { previous } of transaction.inputs) layer.remove(previous);\n",
    replace: "",
    tests: ["test/chain"],
  },
  {
    name: "a duplicated transaction in a merkle tree goes unnoticed (CVE-2012-2459)",
    file: "src/consensus/block.ts",
    find: 'return isMutated ? { rule: "bad-txns-duplicate" } : undefined;',
    replace: "return isMutated ? undefined : undefined;",
    tests: ["test/consensus"],
  },
  {
    name: "what conflicts with a block goes on waiting",
    file: "src/mempool/mempool.ts",
    find: "const outdone = removeConflicted(this.#graph, blocks);",
    replace: "const outdone = removeConflicted(this.#graph, new Mined([]));",
    tests: ["test/mempool"],
  },
  {
    name: "what a reorganisation makes unripe goes on waiting",
    file: "src/mempool/mempool.ts",
    find: "change.back.length > 0 ? this.#dropUnspendable(view) : []",
    replace: "change.back.length > Infinity ? this.#dropUnspendable(view) : []",
    tests: ["test/mempool"],
  },
  {
    name: "a header from the future is never asked for again",
    file: "src/peers/sync.ts",
    find: "if (peer.isHeadersPutOff) peer.headersSyncedTip = undefined;",
    replace: "",
    tests: ["test/peers"],
  },
  {
    name: "an unanswered request is never given up",
    file: "src/peers/sync.ts",
    find: "if (pending.isLate || pending.deadline > now) continue;",
    replace: "if (pending.isLate || pending.deadline > 0) continue;",
    tests: ["test/peers"],
  },
  {
    name: "an index keeps what a reorganisation took back",
    file: "src/chain/chain.ts",
    find: "      for (const follower of followers) follower.disconnect(place, undo);\n",
    replace: "",
    tests: ["test/chain/companion.test.ts"],
  },
  {
    name: "a restarted node forgets which blocks are invalid",
    file: "src/chain/log.ts",
    find: "    else if (isInvalid) this.#tree.invalidate(entry);\n",
    replace: "    else if (isInvalid && hasBody === undefined) this.#tree.invalidate(entry);\n",
    tests: ["test/chain"],
  },
  {
    name: "signatures are not checked",
    file: "src/chain/connect.ts",
    find: "return problem ? broken(problem) : valid(undo);",
    replace: "return problem === null ? broken(problem) : valid(undo);",
    tests: ["test/chain"],
  },
  {
    name: "the lab's difficulty follows its blocks a tenth more slowly",
    file: "src/consensus/params.ts",
    find: "halfLifeSeconds: 60,",
    replace: "halfLifeSeconds: 66,",
    tests: ["test/transcripts"],
  },
  {
    name: "the lab's solve times are differences of raw times",
    file: "src/consensus/difficulty.ts",
    find: "const solveTime = parent.medianTime - before.medianTime;",
    replace: "const solveTime = parent.header.time - before.header.time;",
    tests: ["test/consensus/difficulty.test.ts"],
  },
  {
    name: "the lab's solve times have no bound",
    file: "src/consensus/difficulty.ts",
    find: "timeDeltaSeconds: Math.min(solveTime, solveTimeMaxSeconds),",
    replace: "timeDeltaSeconds: Math.min(solveTime, solveTimeMaxSeconds * 1_000),",
    tests: ["test/consensus/difficulty.test.ts"],
  },
  {
    name: "in the simulator, spans follow a wall clock that is set",
    file: "src/sim/engine/host-clock.ts",
    find: "elapsed: (this.#countedMs + ownMs) as Elapsed,",
    replace: "elapsed: (this.#countedMs + ownMs + this.#steppedMs) as Elapsed,",
    tests: ["test/sim/engine"],
  },
  {
    name: "a process measures spans by the wall clock",
    file: "src/io/platform/clocks.ts",
    find: "elapsed: performance.now() as Elapsed",
    replace: "elapsed: Date.now() as number as Elapsed",
    tests: ["test/io/platform"],
  },
  {
    name: "penalties are forgiven by the wall clock",
    file: "src/node/node.ts",
    find: `"malformed message", this.#now.elapsed)`,
    replace: `"malformed message", this.#now.wall as number as Elapsed)`,
    tests: ["test/node"],
  },
  {
    name: "what waits to be gossiped leaves by the wall clock",
    file: "src/node/node.ts",
    find: "this.#outbox.takeDue(this.#now.elapsed)",
    replace: "this.#outbox.takeDue(this.#now.wall as number as Elapsed)",
    tests: ["test/node"],
  },
  {
    name: "a template is renewed by the wall clock",
    file: "src/mempool/mining.ts",
    find: "now.elapsed < (this.renewAt ?? 0)",
    replace: "now.wall < (this.renewAt ?? 0)",
    tests: ["test/node"],
  },
  {
    name: "bans end by the wall clock",
    file: "src/io/p2p/gate.ts",
    find: "if (untilMs > performance.now()) return true;",
    replace: "if (untilMs > Date.now()) return true;",
    tests: ["test/io/platform"],
  },
  {
    name: "a clock that disagrees is not compared with blocks that are refused",
    file: "src/peers/clock-comparison.ts",
    find: `if (problem.rule === "time-too-new") this.note(`,
    replace: `if (problem.rule === "time-too-old") this.note(`,
    tests: ["test/node"],
  },
  {
    name: "a peer may keep us waiting a tenth longer",
    file: "src/peers/limits.ts",
    find: "responseTimeoutMinMs: 4_000,",
    replace: "responseTimeoutMinMs: 4_400,",
    tests: ["test/transcripts"],
  },
  {
    name: "Raft sends before its term and vote are on disk",
    file: "src/protocols/raft/turn.ts",
    find: 'effects.unshift({ type: "persist"',
    replace: 'effects.push({ type: "persist"',
    tests: ["test/protocols/raft/crash.test.ts"],
  },
  {
    name: "Raft truncates one entry too few",
    file: "src/protocols/raft/replication.ts",
    find: "turn.cutFrom(first);",
    replace: "turn.cutFrom(first + 1);",
    tests: ["test/protocols/raft/replication.test.ts"],
  },
  {
    name: "Raft's lease goes on when another may campaign",
    file: "src/protocols/raft/transfer.ts",
    find: "  state.hasLease = false;\n",
    replace: "",
    tests: ["test/protocols/raft/reads.test.ts"],
  },
  {
    name: "Raft's lease forgets that clocks drift",
    file: "src/protocols/raft/reads.ts",
    find: "(1 - drift)) / (1 + drift)",
    replace: "(1 + drift)) / (1 + drift)",
    tests: ["test/protocols/raft/reads.test.ts"],
  },
  {
    name: "half of an even number of processes is a majority",
    file: "src/protocols/process/quorum.ts",
    find: "return Math.floor(count / 2) + 1;",
    replace: "return Math.ceil(count / 2);",
    tests: ["test/protocols/process/quorum.test.ts"],
  },
  {
    name: "a request that comes once more is carried out again",
    file: "src/protocols/process/key-value.ts",
    find: "id.number <= known.number)",
    replace: "id.number < known.number)",
    tests: ["test/protocols/process/key-value.test.ts"],
  },
  {
    name: "a participant's commit is not on disk",
    file: "src/protocols/two-phase-commit/participant.ts",
    find: "? [dataRecord(state), votesRecord(state)]",
    replace: "? [votesRecord(state)]",
    tests: ["test/protocols/two-phase-commit/two-phase-commit.test.ts"],
  },
  {
    name: "a promise of Multi-Paxos that comes twice counts twice",
    file: "src/protocols/multi-paxos/leader.ts",
    find: "  if (role.promises.some((other) => other.from === from)) return stay(state);\n",
    replace: "",
    tests: ["test/protocols/multi-paxos/multi-paxos.test.ts"],
  },
  {
    name: "Paxos takes the first accepted value, not the one of the highest ballot",
    file: "src/protocols/paxos/rules.ts",
    find: "if (highest === undefined || rules.isHigher(accepted.ballot, highest.ballot)) {",
    replace: "if (highest === undefined) {",
    tests: ["test/protocols/paxos/paxos.test.ts"],
  },
  {
    name: "the checker of histories forgets open operations",
    file: "src/checkers/model.ts",
    find: 'if (invocation.f === "read" && isOpen) return undefined;',
    replace: "if (isOpen) return undefined;",
    tests: ["test/checkers/linearizability.test.ts"],
  },
  {
    name: 'the checker of histories takes 0 and "0" for the same',
    file: "src/checkers/model.ts",
    find: "JSON.stringify(value)",
    replace: "String(value)",
    tests: ["test/checkers/linearizability.test.ts"],
  },
  {
    name: "agreement lets pass what was decided to be 0",
    file: "src/checkers/agreement.ts",
    find: "else if (first.value !== value)",
    replace: "else if (first.value && first.value !== value)",
    tests: ["test/checkers/agreement.test.ts"],
  },
  {
    name: "what a process applies again after a restart is not read",
    file: "src/checkers/same-prefix.ts",
    find: "readTo.set(process, end);",
    replace: "readTo.set(process, Math.max(readTo.get(process) ?? 0, end));",
    tests: ["test/checkers/state-machine-safety.test.ts"],
  },
  {
    name: "liveness counts from the request, whatever was disturbed since",
    file: "src/checkers/liveness.ts",
    find: "Math.max(askedAt, disturbedAt)",
    replace: "askedAt",
    tests: ["test/checkers/liveness.test.ts"],
  },
  {
    name: "the explorer takes states of one half fingerprint for the same",
    file: "src/explorer/engine/state-table.ts",
    find: "if (state < 0 || (this.#low[state] === low && this.#high[state] === high)) return slot;",
    replace: "if (state < 0 || this.#low[state] === low) return slot;",
    tests: ["test/explorer/engine/state-table.test.ts"],
  },
  {
    name: "the explorer's fifo links overtake",
    file: "src/explorer/engine/post.ts",
    find: '    if (this.kind === "fifo") return this.#channelOf(before) !== this.#channelOf(message);\n',
    replace: "",
    tests: ["test/explorer/engine/post.test.ts"],
  },
  {
    name: "the explorer never crashes a process before what it writes is on disk",
    file: "src/explorer/processes/protocol-model.ts",
    find: 'if (type !== "persist") continue;\n      const done',
    replace: 'if (type !== "answer") continue;\n      const done',
    tests: ["test/experiments/mutants/meet.test.ts"],
  },
  {
    name: "the explorer's histories forget what ended before a request began",
    file: "src/explorer/engine/history.ts",
    find: "(i === client ? 0 : ended.length)",
    replace: "(i === client ? ended.length : 0)",
    tests: ["test/explorer/engine/history.test.ts"],
  },
  {
    name: "a deviation from theory has the wrong sign",
    file: "src/experiments/engine/tally.ts",
    find: "const deviation = estimate - theory;",
    replace: "const deviation = theory - estimate;",
    tests: ["test/experiments/engine/tally.test.ts"],
  },
  {
    name: "a shard is merged twice",
    file: "src/experiments/engine/shard.ts",
    find: "if (twin !== undefined) {",
    replace: "if (twin === named) {",
    tests: ["test/experiments/engine/shard.test.ts"],
  },
  {
    name: "each shard leaves out its first task",
    file: "src/experiments/engine/shard.ts",
    find: "let position = index - 1;",
    replace: "let position = index - 1 + count;",
    tests: ["test/experiments/engine/shard.test.ts"],
  },
  {
    name: "a client that gave up goes on under its old id",
    file: "src/sim/process-world/client.ts",
    find: "      this.#generation += 1;\n",
    replace: "",
    tests: ["test/sim/process-world/clients.test.ts"],
  },
  {
    name: "what clients were answered is not judged",
    file: "src/sim/process-world/verdicts.ts",
    find: 'if (verdict.outcome === "linearizable") return;',
    replace: 'if (verdict.outcome !== "undecided") return;',
    tests: ["test/sim/process-chaos/chaos.test.ts"],
  },
  {
    name: "chaos leaves a half of the processes down for good",
    file: "src/sim/process-chaos/plan.ts",
    find: "Math.floor((names.length - 1) / 2)",
    replace: "Math.floor((names.length + 1) / 2)",
    tests: ["test/sim/process-chaos/chaos.test.ts"],
  },
  {
    name: "what waits on a link keeps the times of a throttle that is over",
    file: "src/sim/engine/lane.ts",
    find: "const leavesMs = nowMs + (sentMs - nowMs) * slowdown;",
    replace: "const leavesMs = slowdown < Infinity ? sentMs : nowMs;",
    tests: ["test/sim/engine/link.test.ts"],
  },
  {
    name: "what waits on a link arrives twice when its bandwidth changes",
    file: "src/sim/engine/lane.ts",
    find: "for (const alarm of alarms) this.#clock.cancel(alarm);",
    replace: "for (const _ of alarms) continue;",
    tests: ["test/sim/engine/link.test.ts"],
  },
  {
    name: "what waits for a link's bandwidth has no limit",
    file: "src/sim/engine/lane.ts",
    find: "> waitingBytesMax * 1000) return false;",
    replace: "> Infinity) return false;",
    tests: ["test/sim/engine/link.test.ts"],
  },
  {
    name: "of two throttles the later one holds",
    file: "src/sim/engine/fault-injector.ts",
    find: "bandwidthBytesPerSecond: Math.min(was, fault.bytesPerSecond)",
    replace: "bandwidthBytesPerSecond: was < 0 ? was : fault.bytesPerSecond",
    tests: ["test/sim/engine/echo-world.test.ts"],
  },
  {
    name: "a member of Multi-Paxos asks with each heartbeat for what it lacks",
    file: "src/protocols/multi-paxos/learner.ts",
    find: "if (asked !== undefined && now < asked.until) return stay(before);",
    replace: "",
    tests: ["test/protocols/multi-paxos"],
  },
  {
    name: "a process that looks the same is not judged, though more of it is durable",
    file: "src/sim/process-world/process-host.ts",
    find: "seen?.view === view && seen.isDurable === isDurable;",
    replace: "seen?.view === view;",
    tests: ["test/sim/process-world"],
  },
  {
    name: "a follower takes its own entry for a snapshot's, though it is of another term",
    file: "src/protocols/raft/replication.ts",
    find: "if (termAt(state.log, snapshot.index) === snapshot.term) commitUpTo",
    replace: "if (termAt(state.log, snapshot.index) !== undefined) commitUpTo",
    tests: ["test/protocols/raft/crash.test.ts"],
  },
  {
    name: "in three-phase commit what a member knew before its crash counts like the rest",
    file: "src/protocols/three-phase-commit/rules.ts",
    find: "areAllRecovered || !isRecovered);",
    replace: 'areAllRecovered || typeof isRecovered === "boolean");',
    tests: ["test/protocols/three-phase-commit"],
  },
  {
    name: "a process of a cluster stays when its parent left before it was ready",
    file: "src/lab/child/parent.ts",
    find: "if (!process.connected) void end();",
    replace: "",
    tests: ["test/lab/child"],
  },
  {
    name: "two equal answers of one process count as two",
    file: "src/protocols/process/equal-answers.ts",
    find: "this.#givers.get(text) ?? new Set()).add(by);",
    replace: "this.#givers.get(text) ?? new Set()).add(`${by} ${Math.random()}`);",
    tests: ["test/lab/maelstrom/node"],
  },
];
