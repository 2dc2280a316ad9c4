/** A process with one node of a lab. It ends on the lab's message, or when the lab's process is gone. */

import "../../io/platform/polyfill.ts";
import { adoptHasher } from "../../io/hashing/hasher-choice.ts";
import { createApp } from "../../io/http/app.ts";
import { serve } from "../../io/http/server.ts";
import { OwnPool } from "../../io/mining/own-pool.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { type LocalMember, type MemberOptions, startMember } from "./member.ts";
import { type ActionName, actionNames, type FromMember, type ToMember } from "./member-message.ts";

function send(message: FromMember): void {
  if (process.connected) process.send?.(message);
}

async function main(options: MemberOptions): Promise<void> {
  const hasher = adoptHasher(options.hasher).name; // the lab has warned of those that do not work here
  const pool = new OwnPool({
    threads: 1,
    hasher,
    onSolved: (solved) => member.full.runner.solved(solved),
    onError: () => undefined, // another thread already takes its place
  });
  const member: LocalMember = await startMember(options, pool);
  const server = await serve(createApp({ routes: { "/api": member.api } }), {
    port: options.apiPort ?? 0,
  });
  member.onNews((news, isSecret) => send({ type: "news", news, isSecret }));
  member.onFailure((reason) => send({ type: "failed", reason }));

  const stop = async (): Promise<void> => {
    await Promise.allSettled([server.close(), member.stop(), pool.stop()]);
    process.exit(0);
  };
  process.on("disconnect", () => void stop());
  process.on("message", (message: ToMember) => {
    if (message.type === "stop") void stop();
    else void answer(member, message);
  });
  const { peerId, listen } = member;
  send({ type: "ready", peerId, listen, api: `${server.url}/api` });
}

async function answer(member: LocalMember, call: ToMember & { type: "call" }): Promise<void> {
  const { id, action, values } = call;
  try {
    if (!actionNames.includes(action)) throw new Error(`there is no action ${action}`);
    const actions = member as Record<
      ActionName,
      (...values: readonly unknown[]) => Promise<unknown>
    >;
    send({ type: "result", id, value: await actions[action](...values) });
  } catch (error) {
    send({ type: "error", id, reason: messageOf(error) });
  }
}

// Ctrl-C reaches every process of a terminal; the lab then stops its nodes itself.
process.on("SIGINT", () => undefined);
main(JSON.parse(process.argv[2] ?? "") as MemberOptions).catch((error: unknown) => {
  send({ type: "refused", reason: messageOf(error) });
  process.exitCode = 1;
  process.disconnect();
});
