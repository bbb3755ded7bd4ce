import type { Informer } from "@seaworthy/client";
import { containerStatusesOf, type Pod } from "@seaworthy/kube";
import type { ContainerUsage, Kubelet } from "../../kubelet.ts";
import { readContainerLog } from "../logs/read-log.ts";
import { joinInside } from "../volumes/join-inside.ts";
import { logDirectory } from "./pod-directory.ts";
import type { PodWorker } from "./pod-worker.ts";

/** What the kubelet's server answers from. */
export interface KubeletServerOptions {
  readonly pods: Informer<Pod>;
  /** The workers of all nodes, by the uid of their pod. */
  readonly workers: ReadonlyMap<string, PodWorker>;
  readonly dataDir: string;
}

/** Makes what the API server asks of the nodes: https://github.com/kubernetes/kubernetes/tree/master/pkg/kubelet/server */
export function createKubeletServer({ pods, workers, dataDir }: KubeletServerOptions): Kubelet {
  return {
    readLog(namespace, name, request) {
      const pod = pods.get(namespace, name);
      if (pod === undefined) return nothing();
      // The status may not tell of the newest start yet, and a start that another one followed is over.
      const isRunning = (start: number) => {
        const current = pods.get(namespace, name);
        if (current === undefined || current.metadata.uid !== pod.metadata.uid) return false;
        const status = containerStatusesOf(current).find(({ name: each }) => each === request.container);
        if (status === undefined) return false;
        return (
          status.restartCount < start ||
          (status.restartCount === start && status.state?.running !== undefined)
        );
      };
      const folder = joinInside(logDirectory(dataDir, pod), request.container);
      return readContainerLog(folder, request, isRunning);
    },
    findPod: (namespace, name) => workers.get(pods.get(namespace, name)?.metadata.uid ?? "")?.onNode,
    readUsage: () => [...workers.values()].flatMap((worker) => usageOf(worker)),
  };
}

function usageOf(worker: PodWorker): ContainerUsage[] {
  return worker.running().flatMap(({ pod, container, running }) => {
    const usage = running.readUsage();
    const { name, namespace = "" } = pod.metadata;
    const node = pod.spec.nodeName ?? "";
    return usage === undefined
      ? []
      : [{ namespace, pod: name, container, node, startedAtMs: running.startedAtMs, ...usage }];
  });
}

async function* nothing(): AsyncIterable<string> {}
