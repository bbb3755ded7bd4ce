import { join } from "node:path";
import type { Pod } from "@seaworthy/kube";

/** Where a pod's logs and volumes are. */
export function podDirectory(dataDir: string, pod: Pod): string {
  const { namespace = "default", name, uid = "" } = pod.metadata;
  return join(dataDir, "pods", `${namespace}_${name}_${uid}`);
}
