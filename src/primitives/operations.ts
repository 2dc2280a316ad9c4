/** Scripts as the operations that they consist of. */

const pushData1 = 0x4c;
const pushData4 = 0x4e;

export type Operation = {
  readonly code: number;
  /** What a push puts on the stack, empty for OP_0; undefined if it is no push of data. */
  readonly data: Uint8Array | undefined;
  /** Whether it is a push that the script ends in: a coinbase may hold anything. */
  readonly isCut: boolean;
};

export function operationsOf(script: Uint8Array): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < script.length;) {
    const code = script[at] as number;
    const { start, end } = dataAt(script, at);
    const data = code <= pushData4 ? script.subarray(start, end) : undefined;
    operations.push({ code, data, isCut: end > script.length });
    at = end;
  }
  return operations;
}

/** Where the data behind the operation at `at` begins and ends. */
function dataAt(script: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const operation = script[at] as number;
  const next = at + 1;
  if (operation < pushData1) return { start: next, end: next + operation };
  if (operation > pushData4) return { start: next, end: next };
  const start = next + lengthSizeBytes(operation);
  return { start, end: start + littleEndian(script.subarray(next, start)) };
}

/** OP_PUSHDATA1, 2 and 4 say in so many bytes how much they push. */
export function lengthSizeBytes(operation: number): number {
  return 2 ** (operation - pushData1);
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Operations from 0x61 on, without their `OP_`. */
export const operationNames: readonly string[] = (
  "NOP VER IF NOTIF VERIF VERNOTIF ELSE ENDIF VERIFY RETURN TOALTSTACK FROMALTSTACK 2DROP 2DUP " +
  "3DUP 2OVER 2ROT 2SWAP IFDUP DEPTH DROP DUP NIP OVER PICK ROLL ROT SWAP TUCK CAT SUBSTR LEFT " +
  "RIGHT SIZE INVERT AND OR XOR EQUAL EQUALVERIFY RESERVED1 RESERVED2 1ADD 1SUB 2MUL 2DIV NEGATE " +
  "ABS NOT 0NOTEQUAL ADD SUB MUL DIV MOD LSHIFT RSHIFT BOOLAND BOOLOR NUMEQUAL NUMEQUALVERIFY " +
  "NUMNOTEQUAL LESSTHAN GREATERTHAN LESSTHANOREQUAL GREATERTHANOREQUAL MIN MAX WITHIN RIPEMD160 " +
  "SHA1 SHA256 HASH160 HASH256 CODESEPARATOR CHECKSIG CHECKSIGVERIFY CHECKMULTISIG " +
  "CHECKMULTISIGVERIFY NOP1 CHECKLOCKTIMEVERIFY CHECKSEQUENCEVERIFY NOP4 NOP5 NOP6 NOP7 NOP8 NOP9 " +
  "NOP10 CHECKSIGADD"
).split(" ");
