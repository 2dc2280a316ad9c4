/** What walks through everything that a node has: one such task at a time, the others wait. */

export class Walks {
  #last: Promise<unknown> = Promise.resolve();

  async run<T>(task: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const done = before.then(task, task);
    this.#last = done;
    return done;
  }
}
