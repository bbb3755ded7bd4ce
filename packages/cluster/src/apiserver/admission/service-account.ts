import type { Pod } from "@seaworthy/kube";

/** The admission plugin ServiceAccount: a pod that names none runs as `default`. */
export function admitServiceAccount({ spec }: Pod): void {
  spec.serviceAccountName ??= "default";
  spec.serviceAccount ??= spec.serviceAccountName;
}
