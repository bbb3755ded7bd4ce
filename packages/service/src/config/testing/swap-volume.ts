import { workerData } from "node:worker_threads";
import { writeKubeletVolume } from "./kubelet-volume.ts";

/** The order to the worker of this file, which numbers the generations from 1. */
export interface SwapOrder {
  readonly path: string;
  readonly names: readonly string[];
  readonly swaps: number;
  readonly pauseMs: number;
}

const { path, names, swaps, pauseMs } = workerData as SwapOrder;
const idle = new Int32Array(new SharedArrayBuffer(4));
for (let swap = 1; swap <= swaps; swap += 1) {
  writeKubeletVolume(path, Object.fromEntries(names.map((name) => [name, `${name} ${swap}`])));
  Atomics.wait(idle, 0, 0, pauseMs);
}
