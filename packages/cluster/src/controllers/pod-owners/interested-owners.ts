import type { Informer } from "@seaworthy/client";
import { matchesLabelSelector, type KubeObject, type LabelSelector } from "@seaworthy/kube";
import { keyOf } from "../reconciler/controller-context.ts";
import { controllerOf } from "./claim-objects.ts";

/** The keys of the owners of one kind that an object concerns: its controller, or whoever may adopt it. */
export function interestedOwners<T extends KubeObject>(
  kind: string,
  owners: Informer<T>,
  object: KubeObject,
  selectorOf: (owner: T) => LabelSelector | undefined,
): string[] {
  const { namespace, labels, deletionTimestamp } = object.metadata;
  const controller = controllerOf(object);
  if (controller !== undefined) {
    const owner = controller.kind === kind ? owners.get(namespace, controller.name) : undefined;
    return owner !== undefined && owner.metadata.uid === controller.uid ? [keyOf(owner)] : [];
  }
  if (deletionTimestamp !== undefined) return [];
  return owners
    .list(namespace)
    .filter((owner) => {
      const selector = selectorOf(owner);
      return selector !== undefined && matchesLabelSelector(selector, labels ?? {});
    })
    .map(keyOf);
}
