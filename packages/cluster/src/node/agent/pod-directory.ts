import { join } from "node:path";
import type { Pod } from "@seaworthy/kube";
import { joinInside } from "../volumes/join-inside.ts";

/** Where a pod's logs and volumes are. */
export function podDirectory(dataDir: string, pod: Pod): string {
  const { namespace = "default", name, uid = "" } = pod.metadata;
  return joinInside(dataDir, "pods", `${namespace}_${name}_${uid}`);
}

/** Where a pod's logs are: a folder per container. */
export function logDirectory(dataDir: string, pod: Pod): string {
  return join(podDirectory(dataDir, pod), "logs");
}
