/** Listens for HTTP requests, on this machine only. */

import { createServer, type RequestListener, type Server } from "node:http";
import { defaultPort } from "../../contract/node-api.ts";
import { passUpgrades } from "./upgrades.ts";

/** A port that was chosen, of which 0 is any free one; or the usual one, else the next that is free. */
export type PortChoice = number | "usual";

export type ServeOptions = {
  /** A loopback address; 127.0.0.1 if it is missing. */
  readonly host?: string;
  readonly port: PortChoice;
};

export type RunningServer = {
  /** Without a slash at the end. */
  readonly url: string;
  /** Why it is not the usual port, as a sentence; undefined if it is, or another one was chosen. */
  readonly portNote: string | undefined;
  /** Cuts what is still open, also event streams and WebSockets. */
  close(): Promise<void>;
};

const hosts: readonly string[] = ["127.0.0.1", "::1", "localhost"];
/** Connections at once; more are closed as they come. */
const connectionsMax = 512;

/** Longer than the minute for which clients' pools usually keep a connection that rests. */
const keepAliveTimeoutMs = 75_000;

/** So many ports are tried in place of the usual one. */
const portsTriedMax = 100;

/** @throws Error that says what to do if the port is taken or the host is not this machine. */
export async function serve(app: RequestListener, options: ServeOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port } = options;
  if (!hosts.includes(host)) {
    throw new Error(`The API is for this machine only: listen on 127.0.0.1, not on ${host}.`);
  }
  const server = createServer(app);
  server.maxConnections = connectionsMax;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  const closeUpgraded = passUpgrades(server, app);
  if (port === "usual") await listenNearby(server, host);
  else await listen(server, host, port);
  const name = host.includes(":") ? `[${host}]` : host;
  const taken = portOf(server);
  const portNote =
    port === "usual" && taken !== defaultPort
      ? `Port ${defaultPort} is taken, so this listens on the next free one, ${taken}.`
      : undefined;
  return { url: `http://${name}:${taken}`, portNote, close: () => close(server, closeUpgraded) };
}

async function listenNearby(server: Server, host: string): Promise<void> {
  const last = defaultPort + portsTriedMax;
  for (let port = defaultPort; port < last; port += 1) {
    try {
      await listen(server, host, port);
      return;
    } catch (error) {
      if (!(error instanceof Error) || !isTaken(error.cause)) throw error;
    }
  }
  throw new Error(
    `Cannot listen on ${host}: all ports from ${defaultPort} to ${last - 1} are taken. ` +
      "Choose another one with --api-port (0 takes a free one).",
  );
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(listenError(error, host, port));
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function listenError(error: Error, host: string, port: number): Error {
  const reason = isTaken(error)
    ? "the port is taken. Stop the program that has it, or choose another port with " +
      "--api-port (0 takes a free one)."
    : error.message;
  return new Error(`Cannot listen on ${host}:${port}: ${reason}`, { cause: error });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}

function close(server: Server, closeUpgraded: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    closeUpgraded();
    server.closeAllConnections();
  });
}
