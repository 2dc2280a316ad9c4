/** The error for a method that a node does not have. */

import { rpcCodes, RpcError } from "./call/rpc-error.ts";

/** Methods of Core's wallet that people call most. */
const walletMethods: ReadonlySet<string> = new Set([
  ...["abandontransaction", "abortrescan", "addmultisigaddress", "backupwallet", "bumpfee"],
  ...["createwallet", "dumpprivkey", "dumpwallet", "encryptwallet", "fundrawtransaction"],
  ...["getaddressesbylabel", "getaddressinfo", "getbalance", "getbalances", "getnewaddress"],
  ...["getrawchangeaddress", "getreceivedbyaddress", "getreceivedbylabel", "gettransaction"],
  ...["getunconfirmedbalance", "getwalletinfo", "importaddress", "importdescriptors"],
  ...["importmulti", "importprivkey", "importpubkey", "importwallet", "keypoolrefill"],
  ...["listaddressgroupings", "listdescriptors", "listlabels", "listlockunspent"],
  ...["listreceivedbyaddress", "listreceivedbylabel", "listsinceblock", "listtransactions"],
  ...["listunspent", "listwalletdir", "listwallets", "loadwallet", "lockunspent", "psbtbumpfee"],
  ...["rescanblockchain", "send", "sendall", "sendmany", "sendtoaddress", "setlabel"],
  ...["settxfee", "signmessage", "signrawtransactionwithwallet", "simulaterawtransaction"],
  ...["unloadwallet", "upgradewallet", "walletcreatefundedpsbt", "walletdisplayaddress"],
  ...["walletlock", "walletpassphrase", "walletpassphrasechange", "walletprocesspsbt"],
]);

export function unknownMethod(name: string): RpcError {
  const hint = walletMethods.has(name)
    ? ` (a node of powlab has no wallet inside: see powlab wallet --help)`
    : "";
  return new RpcError(rpcCodes.methodUnknown, `Method not found${hint}`);
}
