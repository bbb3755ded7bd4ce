import { deepEqual, type Pod } from "@seaworthy/kube";
import { startOf, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { checkPreconditions } from "../verbs/update-object.ts";

/**
 * A stored pod with a spec that its subresource makes of the one that is there and the one that is asked for. Of the draft's
 * metadata only the managed fields count. Refuses a draft that was made for another pod or for an older state of it.
 */
export function withPodSpec(
  resource: Resource,
  stored: StoredObject,
  draft: Pod,
  change: (spec: Pod["spec"], wanted: Pod["spec"]) => Pod["spec"],
): { readonly pod: Pod; readonly old: Pod } {
  const old = startOf(resource, stored) as Pod;
  checkPreconditions(resource, draft, old);
  const { managedFields } = draft.metadata;
  const pod: Pod = {
    ...old,
    metadata: { ...old.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
    spec: change(old.spec, draft.spec),
  };
  if (!deepEqual(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  return { pod, old };
}
