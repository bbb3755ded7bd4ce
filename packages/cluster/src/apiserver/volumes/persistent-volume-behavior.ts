import { timestamp } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";

/** PersistentVolumes: their status says since when they are in their phase. */
export const persistentVolumeBehavior: Behavior = {
  prepareCreate(draft, { clock }) {
    draft["status"] = { ...(draft["status"] as object), lastPhaseTransitionTime: timestamp(clock.now()) };
    return [];
  },
};
