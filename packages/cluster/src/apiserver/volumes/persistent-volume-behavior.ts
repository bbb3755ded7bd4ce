import { timestamp } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { protect } from "./protect.ts";

/** PersistentVolumes: their status says since when they are in their phase, and they stay while they are bound. */
export const persistentVolumeBehavior: Behavior = {
  prepareCreate(draft, { clock }) {
    protect(draft, "kubernetes.io/pv-protection");
    draft["status"] = { ...(draft["status"] as object), lastPhaseTransitionTime: timestamp(clock.now()) };
    return [];
  },
};
