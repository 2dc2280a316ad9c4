/** Listens for HTTP requests, on this machine only. */

import { createServer, type RequestListener, type Server } from "node:http";

export type ServeOptions = {
  /** A loopback address; 127.0.0.1 if it is missing. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
};

export type RunningServer = {
  /** Without a slash at the end. */
  readonly url: string;
  /** Cuts what is still open, also event streams. */
  close(): Promise<void>;
};

const hosts: readonly string[] = ["127.0.0.1", "::1", "localhost"];
/** Connections at once; more are closed as they come. */
const connectionsMax = 512;

/** @throws Error that says what to do if the port is taken or the host is not this machine. */
export async function serve(app: RequestListener, options: ServeOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port } = options;
  if (!hosts.includes(host)) {
    throw new Error(`The API is for this machine only: listen on 127.0.0.1, not on ${host}.`);
  }
  const server = createServer(app);
  server.maxConnections = connectionsMax;
  await listen(server, host, port);
  const name = host.includes(":") ? `[${host}]` : host;
  return { url: `http://${name}:${portOf(server)}`, close: () => close(server) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: Error, host: string, port: number): Error {
  const code = "code" in error ? error.code : undefined;
  const reason =
    code === "EADDRINUSE"
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
