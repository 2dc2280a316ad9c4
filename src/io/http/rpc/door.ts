/** JSON-RPC over HTTP, with the statuses and headers of Bitcoin Core's server. */

import express, { type Request, type RequestHandler, type Response, Router } from "express";
import type { ServedNode } from "../../queries/served-node.ts";
import { isAuthorised } from "./authorization.ts";
import type { Methods } from "./call/method.ts";
import type { RpcNode } from "./call/rpc-node.ts";
import { exchange } from "./exchange.ts";

/** As much as Core takes. @see Bitcoin Core, MAX_SIZE */
const bodySizeBytesMax = 0x02000000;
const htmlType = "text/html; charset=ISO-8859-1";

/** Mounted at /rpc of a node's API. */
export function rpcRoutes(methods: Methods, node: RpcNode): Router {
  const router = Router();
  router.all(
    ["/", "/wallet/*name"],
    onlyPost,
    authorised(node.served),
    body,
    async (request, response) => {
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      const { status, text } = await exchange(textOf(request), {
        methods,
        node,
        gone: gone.signal,
      });
      send(response, status, text === undefined ? undefined : "application/json", text);
    },
  );
  return router;
}

const onlyPost: RequestHandler = ({ method }, response, next) => {
  if (method === "POST") next();
  else send(response, 405, htmlType, "JSONRPC server handles only POST requests");
};

function authorised({ cookie, token }: ServedNode): RequestHandler {
  return ({ headers }, response, next) => {
    if (isAuthorised(headers.authorization, { cookie, token })) {
      next();
      return;
    }
    response.setHeader("WWW-Authenticate", 'Basic realm="jsonrpc"');
    send(response, 401, htmlType, "");
  };
}

const body = express.text({ type: () => true, limit: bodySizeBytesMax });

function textOf({ body }: Request): string {
  return typeof body === "string" ? body : "";
}

/** Past express, which would add a charset that Core does not send. */
function send(response: Response, status: number, type?: string, text = ""): void {
  if (type !== undefined) response.setHeader("Content-Type", type);
  response.statusCode = status;
  response.end(text);
}
