import type { Behavior } from "../behavior.ts";

/** Ingresses: Kubernetes writes the empty struct of their status out. */
export const ingressBehavior: Behavior = {
  prepareCreate(draft) {
    draft["status"] = { loadBalancer: {} };
    return [];
  },
};
