import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pod } from "@seaworthy/kube";
import type { Mount } from "../runtime/pod-runtime.ts";
import { hostsFile } from "./hosts-file.ts";
import type { PodPlace } from "../agent/take-place.ts";
import { resolvConf } from "./resolv-conf.ts";

/** What every container of a pod sees in /etc: its hosts and, where there are names to look up, its resolv.conf. */
export function podFiles(podDir: string, hasDns: boolean): Mount[] {
  const mount = (file: string, mountPath: string): Mount => ({
    hostPath: join(podDir, file),
    mountPath,
    readOnly: false,
  });
  const hosts = mount(hostsName, "/etc/hosts");
  return hasDns ? [hosts, mount(resolvConfName, "/etc/resolv.conf")] : [hosts];
}

/** Writes those files, once the pod has its address. */
export async function writePodFiles(
  podDir: string,
  pod: Pod,
  place: Pick<PodPlace, "ip" | "hostname" | "hostNetwork">,
  hasDns: boolean,
): Promise<void> {
  await writeFile(join(podDir, hostsName), hostsFile(pod, place, hasDns));
  if (hasDns) await writeFile(join(podDir, resolvConfName), resolvConf(pod));
}

const hostsName = "etc-hosts";
const resolvConfName = "etc-resolv.conf";
