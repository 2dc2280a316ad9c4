/** Why a connection or a listener failed, in words and with a way out; libp2p's own are for programmers. */

/**
 * @param error what libp2p threw at a dial.
 * @returns the cause without a full stop: equal causes give equal words.
 */
export function describeDialError(error: unknown): string {
  const text = textOf(error);
  const other = /identity key (\w+) does not match expected remote identity key (\w+)/.exec(text);
  if (other !== null) {
    const [, found, expected] = other;
    return (
      `the peer there is ${found}, not ${expected}: it has a new identity, as after its folder ` +
      "was lost. Take the address that it prints, or leave out /p2p/…"
    );
  }
  if (text.includes("Can not dial self")) {
    return (
      "what answers there has this node's own identity: it is this node, or one that runs on a " +
      "copy of its folder. Give each node a folder of its own with --data"
    );
  }
  if (text.includes("ECONNREFUSED")) return "no node listens there";
  if (text.includes("ENOTFOUND") || text.includes("EAI_AGAIN"))
    return "there is no host of this name";
  if (/E(HOST|NET)UNREACH|EADDRNOTAVAIL/.test(text)) return "this machine has no route to it";
  if (text.includes("DialDeniedError")) return "the peer is cut off or banned";
  if (text.includes("EncryptionFailed") || text.includes("ECONNRESET")) {
    return "the program there is no libp2p node, or it refuses connections";
  }
  if (text.includes("Timeout") || text.includes("Abort")) return "no answer in time";
  return text.split("\n", 1).join();
}

/** The connection was made, and ended before the peer had joined. */
export function describeRefusal(syncProtocol: string): string {
  return `it answers, but refuses this node or does not speak ${syncProtocol}: it belongs to another network`;
}

/** @returns the cause and what to do, without a full stop. */
export function describeListenError(error: unknown): string {
  const text = textOf(error);
  if (text.includes("EADDRINUSE")) {
    return "the port is taken. Stop the program that has it, or choose another port (0 takes a free one)";
  }
  if (text.includes("EACCES")) return "this user may not open the port. Choose one above 1023";
  if (text.includes("EADDRNOTAVAIL") || text.includes("UnsupportedListen")) {
    return "this machine does not have the address. Take one of its own, such as /ip4/127.0.0.1/tcp/0";
  }
  return text.split("\n", 1).join();
}

function textOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.join(" ") : String(error);
}
