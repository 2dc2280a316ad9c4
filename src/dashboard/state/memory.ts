/** Settings, kept in the browser for the next visit. */

const prefix = "powlab.";

/** Null also where storage is not allowed, as in a page from disk. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    return; // it must be chosen again next time
  }
}
