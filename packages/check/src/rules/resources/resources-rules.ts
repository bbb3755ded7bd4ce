import type { Rule } from "../../rule.ts";
import { cpuLimitLatency } from "./cpu-limit-latency/cpu-limit-latency.ts";
import { cpuLimitMissing } from "./cpu-limit-missing/cpu-limit-missing.ts";
import { cpuLimitSmall } from "./cpu-limit-small/cpu-limit-small.ts";
import { cpuRequestMissing } from "./cpu-request-missing/cpu-request-missing.ts";
import { cpuRequestNotLimit } from "./cpu-request-not-limit/cpu-request-not-limit.ts";
import { ephemeralStorageRequestNotLimit } from "./ephemeral-storage-request-not-limit/ephemeral-storage-request-not-limit.ts";
import { ephemeralStorageUnbounded } from "./ephemeral-storage-unbounded/ephemeral-storage-unbounded.ts";
import { jvmHeap } from "./jvm-heap/jvm-heap.ts";
import { memoryLimitMissing } from "./memory-limit-missing/memory-limit-missing.ts";
import { memoryOvercommitted } from "./memory-overcommitted/memory-overcommitted.ts";
import { memoryRequestMissing } from "./memory-request-missing/memory-request-missing.ts";
import { memoryVolumeUnbounded } from "./memory-volume-unbounded/memory-volume-unbounded.ts";
import { nodeHeap } from "./node-heap/node-heap.ts";
import { nodeHeapUnset } from "./node-heap-unset/node-heap-unset.ts";
import { resourceUnit } from "./resource-unit/resource-unit.ts";

/** Rules about CPU, memory and disk. */
export const resourcesRules: readonly Rule[] = [
  cpuRequestMissing,
  memoryRequestMissing,
  memoryLimitMissing,
  resourceUnit,
  memoryOvercommitted,
  memoryVolumeUnbounded,
  cpuLimitSmall,
  cpuLimitLatency,
  cpuLimitMissing,
  cpuRequestNotLimit,
  ephemeralStorageUnbounded,
  ephemeralStorageRequestNotLimit,
  nodeHeap,
  nodeHeapUnset,
  jvmHeap,
];
