import type { Kubelet } from "./kubelet.ts";

/** A kubelet before its nodes are there: it knows of no pod until it is bound. */
export function createLateKubelet(): Kubelet & { bind(kubelet: Kubelet): void } {
  let bound: Kubelet | undefined;
  return {
    bind(kubelet) {
      bound = kubelet;
    },
    readLog: (...request) => bound?.readLog(...request) ?? nothing(),
    findPod: (namespace, name) => bound?.findPod(namespace, name),
    readUsage: () => bound?.readUsage() ?? [],
  };
}

async function* nothing(): AsyncIterable<string> {}
