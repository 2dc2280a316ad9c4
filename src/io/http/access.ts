/** Whom an operator admits to the API beside programs and pages of this machine. */

export type Access = {
  /** Of web pages, such as `https://wallet.example`. */
  readonly origins?: readonly string[];
  /** Names by which clients reach this machine, such as `host.docker.internal`. */
  readonly hosts?: readonly string[];
};

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])$/i;

/** What is wrong with an origin, as advice; undefined if nothing is. */
export function findOriginFault(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const isWeb = url !== undefined && /^https?:$/.test(url.protocol);
  if (isWeb && url.origin === origin) return undefined;
  const example = isWeb ? url.origin : "https://wallet.example";
  return `give the origin of a page, such as ${example}, without a path`;
}

/** What is wrong with a host's name, as advice; undefined if nothing is. */
export function findHostFault(host: string): string | undefined {
  if (hostPattern.test(host)) return undefined;
  return "give a host's name or address without a port, such as host.docker.internal";
}
