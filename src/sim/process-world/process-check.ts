/** What must always hold of processes. */

import type { ProcessMachineEffect } from "../../protocols/process/process-machine.ts";
import type { Check } from "../engine/check.ts";
import type { ProcessSubject } from "./process-host.ts";

export type ProcessCheck = Check<ProcessSubject, ProcessMachineEffect>;
