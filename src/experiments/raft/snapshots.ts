/** A follower that was away while the leader compacted its log. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";
import { keptAll, others } from "./faults.ts";

const parameters = {
  writes: wholeParameter("how many writes it misses", { min: 20, max: 2_000, initial: 50 }),
};

export const snapshots = defineExact<typeof parameters>({
  id: "snapshots",
  code: "R17",
  group: "Raft",
  title: "A follower behind a compacted log",
  claim: "Logs are append-only until they are compacted: then a snapshot takes their place.",
  lines: "L101",
  source: "Ongaro's dissertation, 5; etcd's testdata of a follower behind a compaction",
  parameters,
  examples: [["--writes 500", "further behind"]],
  examine: ({ writes }, seed) => {
    const compacting = { snapshotEvery: 10, entriesKept: 2 };
    const cluster = new Cluster({ count: 3, seed, ...compacting, latencyMs: [10, 10] });
    const leader = cluster.runUntilLeader();
    cluster.run(1000);
    const [slow = leader] = others(cluster, leader);
    cluster.split(others(cluster, slow));
    for (let value = 0; value < writes; value++) {
      cluster.write(leader, value, `key${value % 7}`);
      cluster.run(50);
    }
    const { base } = cluster.state(leader).log;
    const isCompacted = base.index > cluster.state(slow).log.last.index;
    cluster.heal();
    cluster.run(5000);
    const copies = [leader, slow].map((name) => JSON.stringify(cluster.state(name).data));
    const installed = cluster.news.filter(({ news }) => news.type === "snapshot-installed");
    const sent = cluster.sent.filter(({ message }) => message.type === "snapshot");
    return [
      exactly("the leader's log begins behind the follower's end", isCompacted, true),
      exactly("snapshots sent", sent.length, 1),
      exactly("snapshots installed", installed.length, 1),
      exactly("the follower's copy equals the leader's", copies[0] === copies[1], true),
      keptAll(cluster),
    ];
  },
});
