/** The header with what is wrong in our words, where a client's protocol fixes the body's. */

/** Its value is percent-encoded where it is not ASCII. */
export const reasonHeader = "X-Powlab-Reason";

/** A header holds ASCII only; the rest is percent-encoded as in a URL. */
export function reasonValue(text: string): string {
  return text.replace(/[^ -~]+/gu, (part) => encodeURIComponent(part.toWellFormed()));
}
