/** A node broke Maelstrom's protocol. */

export class NodeFailure extends Error {
  readonly node: string;

  /** @param what it did, in half a sentence that names it. */
  constructor(node: string, what: string) {
    super(what);
    this.name = "NodeFailure";
    this.node = node;
  }
}
