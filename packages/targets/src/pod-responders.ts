import type { Socket } from "node:net";
import type { Responder } from "./choose-path.ts";
import type { PodBehind } from "./pods-behind.ts";

/** Makes pods that can be asked one by one. */
export function podResponders(
  pods: readonly PodBehind[],
  standIns: readonly string[],
  dialPod: (ip: string, port: number, timeoutMs: number) => Promise<Socket>,
): Responder[] {
  return pods.map(({ name, workload, declares, images, ip, port }) => ({
    name,
    workload,
    declares,
    isStandIn: images.every((image) => standIns.includes(image)),
    open: (timeoutMs) => dialPod(ip, port, timeoutMs),
  }));
}
