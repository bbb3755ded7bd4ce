import type { Pod } from "@seaworthy/kube";

const seconds = 300;

/**
 * The admission plugin DefaultTolerationSeconds: a pod stays for a while on a node that is lost. It looks at changes, too,
 * so that nobody takes its tolerations away.
 */
export function addDefaultTolerations(spec: Pod["spec"]): void {
  const tolerations = [...(spec.tolerations ?? [])];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const tolerated = tolerations.some(
      (toleration) =>
        (toleration.key === key || toleration.key === undefined) &&
        (toleration.effect === "NoExecute" || toleration.effect === undefined),
    );
    if (!tolerated)
      tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: seconds });
  }
  spec.tolerations = tolerations;
}
