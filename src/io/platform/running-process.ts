/** A process of this machine, told from a later one that got the same number. */

import { readFile } from "node:fs/promises";

export type RunningProcess = {
  readonly pid: number;
  /**
   * When it began, counted from the start of the machine. Only Linux offers this: elsewhere it is
   * absent, and a process number that was given to another program counts as running.
   */
  readonly birth?: string;
};

export async function thisProcess(): Promise<RunningProcess> {
  const { pid } = process;
  const stat = await readProcessStat(pid);
  return stat === undefined ? { pid } : { pid, birth: stat.birth };
}

export async function isRunning({ pid, birth }: RunningProcess): Promise<boolean> {
  try {
    process.kill(pid, 0); // sends nothing, only asks
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    // EPERM: it runs, but as another user
  }
  const stat = await readProcessStat(pid);
  if (stat === undefined || birth === undefined) return true;
  return !stat.isDead && stat.birth === birth;
}

type ProcessStat = { readonly birth: string; readonly isDead: boolean };

/**
 * When a process began, and whether it is a zombie; undefined where there is no /proc.
 *
 * @see proc(5), /proc/[pid]/stat: the state is field 3, the start time field 22
 */
async function readProcessStat(pid: number): Promise<ProcessStat | undefined> {
  try {
    const machine = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3 on
    const [state, startTime] = [fields[0], fields[22 - 3]];
    if (state === undefined || startTime === undefined) return undefined;
    return { birth: `${machine.trim()}/${startTime}`, isDead: state === "Z" || state === "X" };
  } catch {
    return undefined; // no /proc here, or the process is hidden from us
  }
}
