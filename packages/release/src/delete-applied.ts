import { isNotFound, type KubeClient } from "@seaworthy/client";
import type { Applied } from "./apply-manifests.ts";

/** Takes away what was created, the last first. Objects that existed before are left as they are. */
export async function deleteApplied(client: KubeClient, applied: readonly Applied[]): Promise<void> {
  for (const { type, namespace, name, uid, action } of applied.toReversed()) {
    if (action !== "created") continue;
    try {
      // With the uid, an object that somebody made anew in the meantime is not deleted.
      await client.delete(type, namespace, name, {
        propagationPolicy: "Background",
        ...(uid === undefined ? {} : { uid }),
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
