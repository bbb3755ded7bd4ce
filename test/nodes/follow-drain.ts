import { execFile, spawnSync } from "node:child_process";
import { createInformer, type KubeClient } from "@seaworthy/client";
import { isPodActive, isPodReady, resourceTypes, type Pod, type PodDisruptionBudget } from "@seaworthy/kube";

/** What a drain does to the pods of the default namespace and to a budget for them, as it happens. */
export interface FollowedDrain extends AsyncDisposable {
  /** The pods that serve now. */
  ready(): readonly Pod[];
  budget(): PodDisruptionBudget["status"];
  /** Resolves as soon as something holds, which is asked with every change of a pod or budget. */
  until(holds: () => boolean): Promise<void>;
  /** Begins to count; what it gives tells how few pods served at any time since then. */
  countFewest(): () => number;
}

const kubectlPath = process.env["KUBECTL"] ?? "kubectl";

/** Why nothing can be drained by kubectl here; false where it can. */
export const noKubectl: string | false =
  spawnSync(kubectlPath, ["version", "--client"]).error === undefined ? false : "no kubectl";

/** Follows the pods and the budget of that name. */
export async function followDrain(client: KubeClient, budgetName: string): Promise<FollowedDrain> {
  await using started = new AsyncDisposableStack();
  const pods = started.use(createInformer<Pod>(client, resourceTypes.pods));
  const budgets = started.use(
    createInformer<PodDisruptionBudget>(client, resourceTypes.poddisruptionbudgets),
  );
  const ready = () => pods.list("default").filter((pod) => isPodActive(pod) && isPodReady(pod));
  const owned = started.move();
  return {
    ready,
    budget: () => budgets.get("default", budgetName)?.status,
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (holds()) resolve();
        };
        pods.onChange(look);
        budgets.onChange(look);
        look();
      }),
    countFewest() {
      let fewest = ready().length;
      pods.onChange(() => (fewest = Math.min(fewest, ready().length)));
      return () => fewest;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Runs kubectl; never rejects. */
export function runKubectl(
  kubeconfig: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(kubectlPath, ["--kubeconfig", kubeconfig, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, text: stdout + stderr });
    });
  });
}
