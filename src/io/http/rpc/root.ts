/** The paths at which clients of Bitcoin Core call. */

import type { RequestHandler } from "express";

/** What is `/rpc` below an API is called at `/` and, by clients with wallets, at `/wallet/NAME`. */
const rootPath = /^\/?(?:\/wallet\/.+)?$/;

/**
 * Leads calls to a node's API. A page is read at the same path, so only what no page is asked for is
 * a call.
 *
 * @param base the API that is called, such as `/api`.
 * @param root where clients call, without a slash at the end.
 */
export function rpcAtRoot(base: string, root = ""): RequestHandler {
  return (request, _response, next) => {
    const { method, path, url } = request;
    const isRead = method === "GET" || method === "HEAD" || method === "OPTIONS";
    if (!isRead && path.startsWith(root) && rootPath.test(path.slice(root.length))) {
      request.url = `${base}/rpc${url.slice(root.length)}`;
    }
    next();
  };
}
