/** Why a call fails, with the codes that Bitcoin Core's clients know. */

/** @see Bitcoin Core, RPCErrorCode */
export const rpcCodes = {
  /** Also the help of a method that got too few or too many parameters. */
  misc: -1,
  type: -3,
  addressOrKey: -5,
  parameter: -8,
  database: -20,
  deserialization: -22,
  verification: -25,
  rejected: -26,
  alreadyInUtxoSet: -27,
  nodeAlreadyAdded: -23,
  nodeNotAdded: -24,
  nodeNotConnected: -29,
  ipOrSubnet: -30,
  invalidRequest: -32600,
  methodUnknown: -32601,
  invalidParams: -32602,
  /** A failure of ours. */
  internal: -32603,
  parse: -32700,
} as const;

/** Ends a call: thrown where it cannot go on, and answered as the call's error. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "RpcError";
    this.code = code;
  }
}
