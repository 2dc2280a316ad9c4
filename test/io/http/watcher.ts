/** Reads server-sent events as a browser does. */

import { expect } from "vitest";

export type Message<Data> = {
  readonly id?: string;
  readonly event?: string;
  readonly data: Data;
};

export class Watcher<Data> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  static async open<Data>(url: string, lastId?: string): Promise<Watcher<Data>> {
    const headers: Record<string, string> = lastId === undefined ? {} : { "Last-Event-ID": lastId };
    const answer = await fetch(url, { headers });
    expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
    return new Watcher(answer.body!.getReader());
  }

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async read(count: number): Promise<Message<Data>[]> {
    const messages: Message<Data>[] = [];
    while (messages.length < count) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const message = parseMessage<Data>(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 2);
        if (message !== undefined) messages.push(message);
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("the stream ended");
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    return messages;
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parseMessage<Data>(text: string): Message<Data> | undefined {
  const fields = new Map(
    text.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const data = fields.get("data");
  if (data === undefined) return undefined;
  const [id, event] = [fields.get("id"), fields.get("event")];
  return { ...(id && { id }), ...(event && { event }), data: JSON.parse(data) as Data };
}
