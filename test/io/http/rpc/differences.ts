/** What this node answers differently than Bitcoin Core, by the number of the recorded answer, and why. */

const noStatsIndex = "there is no index of the coins at former heights";
const estimates = "the mempool is judged, which needs no history; Core has too little of that";
const packagesOwn = "a transaction of a package was submitted here, too, and no peer has it";
const mutated = "a block whose body was changed on its way is forgotten, also its header";
const absent = "the method is not there";
const wallet = "the sentence says where powlab's wallet is";

const groups: readonly (readonly [reason: string, numbers: readonly number[]])[] = [
  ["Core's dummy deployment is not there", [7, 8]],
  ["the index has the active branch alone, Core's keeps blocks that were left", [234]],
  [noStatsIndex, [289, 293, 296, 297, 298, 299, 300, 301, 541]],
  ["Core looks in a cache, here the coins are looked up", [406]],
  [packagesOwn, [651, 654, 655, 656, 657, 668, 682, 683]],
  [estimates, [476, 477, 478, 479, 480, 483]],
  ["there is no ZMQ, and the list of it is empty as in a Core that has it", [545]],
  [wallet, [575, 576]],
  ["Core's first method, dumptxoutset, is not there", [579]],
  [mutated, [642, 684, 690]],
  [absent, [9, 326, 327, 328, 329, 330, 331, 332, 333, 334]],
  [absent, [378, 487, 531, 532, 536, 539, 540, 547, 548, 568, 569, 570, 571, 572, 573]],
];

export const differences: ReadonlyMap<number, string> = new Map(
  groups.flatMap(([reason, numbers]) => numbers.map((n) => [n, reason] as const)),
);

/**
 * Members that are not compared: what the recording calls Core's own affair, and what follows from
 * another design.
 *
 * @see test/vectors/rpc/README.md
 */
export const unlikeMembers: Readonly<Record<string, readonly string[]>> = {
  getblockchaininfo: ["size_on_disk"],
  gettxoutsetinfo: ["disk_size"],
  // Core limits the memory that its mempool takes, powlab the bytes that wait.
  getmempoolinfo: ["usage", "maxmempool"],
  getrawmempool: ["mempool_sequence"],
  getblocktemplate: ["longpollid"],
  getnetworkinfo: ["version", "subversion", "localservices", "localservicesnames"],
};
