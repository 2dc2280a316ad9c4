/** What was asked of the lab cannot be done; the message says why, and what to do. */

export class LeverError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LeverError";
  }
}
