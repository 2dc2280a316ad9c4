/** A full node on regtest behind its API, and what a test asks it. */

import supertest from "supertest";
import { nodeRoutes } from "../../../src/io/http/api/node-routes.ts";
import { createApp } from "../../../src/io/http/app.ts";
import { type Block, encodeBlock } from "../../../src/primitives/block.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import { encodeTransaction, type Transaction } from "../../../src/primitives/transaction.ts";
import { FullNodeScene, type StartedNode, startNode } from "../full-node-scene.ts";

export class ApiScene extends FullNodeScene {
  readonly app: ReturnType<typeof createApp>;
  /** Asks the API; paths begin with /api. */
  readonly api: ReturnType<typeof supertest>;

  static override async start(threads = 0): Promise<ApiScene> {
    return new ApiScene(await startNode(threads));
  }

  constructor(started: StartedNode) {
    super(started);
    this.app = createApp({ routes: { "/api": nodeRoutes(this.full) } });
    this.api = supertest(this.app);
  }

  send(transaction: Transaction): ReturnType<ApiScene["post"]> {
    return this.post("/api/tx", bytesToHex(encodeTransaction(transaction)));
  }

  sendBlock(block: Block): ReturnType<ApiScene["post"]> {
    return this.post("/api/v1/blocks", bytesToHex(encodeBlock(block)));
  }

  post(path: string, body: string) {
    return this.api.post(path).type("text/plain").send(body);
  }
}
