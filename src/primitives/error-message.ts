/** What was thrown, as a message or an error: JavaScript lets anything be thrown. */

/** Errors of the system are put into words; all others have their own. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return systemMessageOf(error) ?? error.message;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What Node adds to an error that an operating system reported. */
type SystemFacts = {
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
};

/** Without a full stop, such as `there is no /tmp/x`; undefined if it is not one of those known. */
function systemMessageOf(error: Error): string | undefined {
  const { code, syscall, path, address = "port", port } = error as Error & SystemFacts;
  if (code === undefined || syscall === undefined) return undefined;
  const place = path ?? "the file";
  const end = port === undefined ? "there" : `at ${address}:${port}`;
  switch (code) {
    case "ENOENT":
      return syscall === "getaddrinfo" ? undefined : `there is no ${place}`;
    case "EEXIST":
      return syscall === "mkdir" ? `${place} is a file, not a folder` : `${place} exists already`;
    case "ENOTDIR":
      return `a part of the path ${place} is a file, not a folder`;
    case "EISDIR":
      return `${place} is a folder, not a file`;
    case "EACCES":
    case "EPERM":
      return port === undefined
        ? `this user may not use ${place}`
        : `this user may not open port ${port}; choose one above 1023`;
    case "EROFS":
      return `${place} is on a disk that cannot be written`;
    case "ENOSPC":
      return `the disk is full, so ${place} cannot be written`;
    case "ENAMETOOLONG":
      return `the path ${place} is too long`;
    case "ELOOP":
      return `the links of ${place} lead in a circle`;
    case "EMFILE":
    case "ENFILE":
      return "too many files are open; a higher limit is set with ulimit -n";
    case "EADDRINUSE":
      return `port ${port} is taken; choose another, or 0 for any that is free`;
    case "EADDRNOTAVAIL":
      return `this machine does not have the address ${address}`;
    case "ECONNREFUSED":
      return `no program listens ${end}`;
    case "ECONNRESET":
    case "EPIPE":
      return `the program ${end} ended the connection`;
    case "ETIMEDOUT":
      return `there is no answer ${end}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of this name";
    default:
      return undefined;
  }
}
