/** What an error says: whatever can be thrown, also what is no Error. */

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
