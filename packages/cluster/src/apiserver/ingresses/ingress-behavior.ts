import type { Behavior } from "../resource.ts";

/** Ingresses: Kubernetes writes the empty struct of their status out. */
export const ingressBehavior: Behavior = {
  prepareCreate(draft) {
    draft["status"] = { loadBalancer: {} };
    return [];
  },
};
