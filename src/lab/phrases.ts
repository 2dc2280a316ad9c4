/** What lines for people are made of: counts with their nouns, shares, the beginnings of hashes. */

/** Work makes hashes begin with zeros, which is what this is meant to show. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
