/** Network addresses as operators type them: libp2p's multiaddrs, of which we use those over TCP. */

import { multiaddr } from "@multiformats/multiaddr";

/** What an address looks like; shown to a user who typed another. */
export const exampleAddress = "/ip4/127.0.0.1/tcp/8478";

const listenHosts = ["ip4", "ip6", "dns4", "dns6"];
const dialHosts = [...listenHosts, "dns", "dnsaddr"];

/** Why a node cannot listen on it, without a full stop; undefined if it may be able to. */
export function findListenFault(text: string): string | undefined {
  return findFault(text, listenHosts, { portMin: 0, mayNamePeer: false });
}

/** Why a node can never connect to it, without a full stop; undefined if it may be able to. */
export function findDialFault(text: string): string | undefined {
  return findFault(text, dialHosts, { portMin: 1, mayNamePeer: true });
}

type Rules = { readonly portMin: number; readonly mayNamePeer: boolean };

function findFault(text: string, hosts: readonly string[], rules: Rules): string | undefined {
  const [host, transport, ...others] = componentsOf(text);
  const form = `an address looks like ${exampleAddress}`;
  if (host === undefined) return form;
  if (!hosts.includes(host.name)) return `it begins with /${host.name}; ${form}`;
  if (host.name === "dnsaddr") return undefined;
  if (transport === undefined) return `it names no port; ${form}`;
  if (transport.name !== "tcp") return `powlab uses TCP only, not /${transport.name}; ${form}`;
  if (Number(transport.value) < rules.portMin) return `port 0 is no port to connect to; ${form}`;
  const extra = others.find(({ name }) => name !== "p2p" || !rules.mayNamePeer);
  if (extra?.name === "p2p") return "leave out /p2p: a node listens under its own identity";
  return extra && `powlab uses plain TCP, without /${extra.name}; ${form}`;
}

function componentsOf(text: string) {
  try {
    return multiaddr(text).getComponents();
  } catch {
    return [];
  }
}
