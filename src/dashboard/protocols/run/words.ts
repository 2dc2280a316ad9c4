/** Words of the page that depend on the protocol, and texts of times. */

const eraWords: Readonly<Record<string, string>> = {
  raft: "term",
  pbft: "view",
  paxos: "round",
  "multi-paxos": "round",
  "ben-or": "round",
};

/** What an era is called; undefined for protocols without any. */
export function eraWord(protocol: string): string | undefined {
  return eraWords[protocol];
}

/** `3.06 s`. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
