/** A process with one node of a lab. It ends on the lab's message, or when the lab's process is gone. */

import "../../io/platform/polyfill.ts";
import { adoptHasher } from "../../io/hashing/hasher-choice.ts";
import { createApp } from "../../io/http/app.ts";
import { serve } from "../../io/http/server.ts";
import { OwnPool } from "../../io/mining/own-pool.ts";
import { Parent } from "../child/parent.ts";
import { type LocalMember, type MemberActions, type MemberOptions, startMember } from "./member.ts";
import { actionNames, type RemoteNews, type RemoteReady } from "./remote-member.ts";

async function main(options: MemberOptions): Promise<void> {
  const parent = new Parent<RemoteReady, RemoteNews>();
  const hasher = adoptHasher(options.hasher).name; // the lab has warned of those that do not work here
  const pool = new OwnPool({
    threads: 1,
    hasher,
    onSolved: (solved) => member.full.runner.solved(solved),
    onError: () => undefined, // another thread already takes its place
  });
  const member: LocalMember = await startMember(
    options,
    options.network === "regtest" ? undefined : pool, // there the lab makes the blocks
  );
  const { access = {}, apiPort = 0 } = options;
  const app = createApp({ routes: { "/api": member.api }, access });
  const server = await serve(app, { port: apiPort });
  member.onNews((news, isSecret) => parent.tell({ news, isSecret }));
  member.onFailure((reason) => parent.fail(reason));
  const { peerId, listen } = member;
  parent.serve<MemberActions>(
    { peerId, listen, api: `${server.url}/api` },
    {
      ...{ actions: member, actionNames },
      stop: () => Promise.allSettled([server.close(), member.stop(), pool.stop()]),
    },
  );
}

Parent.run(main);
