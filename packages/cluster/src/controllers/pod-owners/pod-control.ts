import { ApiError, isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Pod, type PodTemplateSpec } from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { controllerReference } from "./claim-objects.ts";
import type { Expectations } from "./expectations.ts";
import { slowStart } from "./slow-start.ts";

/** Creates and deletes the pods of an owner, tells of each in an event, and expects what the cache is yet to show. */
export interface PodControl {
  /** Creates pods in batches that grow. `created` says how many came to be. */
  create(owner: KubeObject, pods: readonly Pod[], events: EventRecorder): Promise<Creation>;
  /** Deletes pods, all at once. */
  delete(owner: KubeObject, pods: readonly Pod[], events: EventRecorder): Promise<Deletion>;
}

/** What became of pods that were to be created. A namespace that is being emptied refuses each, which is no error. */
export interface Creation {
  readonly created: number;
  readonly error: unknown;
}

/** What became of pods that were to be deleted. */
export interface Deletion {
  readonly deleted: readonly Pod[];
  readonly error: unknown;
}

/**
 * Makes the control of one controller.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/controller_utils.go (RealPodControl)
 */
export function createPodControl(client: KubeClient, expectations: Expectations): PodControl {
  async function createPod(owner: KubeObject, wanted: Pod, events: EventRecorder): Promise<void> {
    try {
      const pod = await client.create(resourceTypes.pods, wanted);
      events.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      // While a namespace is emptied every create is refused: that is no news, and trying again is no use.
      if (!isNamespaceTerminating(error))
        events.event(owner, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  async function deletePod(owner: KubeObject, pod: Pod, events: EventRecorder): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    try {
      await client.delete(resourceTypes.pods, namespace, name, uid === undefined ? {} : { uid });
      events.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
    } catch (error) {
      expectations.deletionObserved(owner.metadata.uid ?? "", uid ?? "");
      if (isNotFound(error)) return;
      events.event(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw error;
    }
  }

  return {
    async create(owner, pods, events) {
      const uid = owner.metadata.uid ?? "";
      expectations.expectCreations(uid, pods.length);
      const { succeeded, error } = await slowStart(pods, (pod) => createPod(owner, pod, events));
      for (let missing = succeeded; missing < pods.length; missing += 1) expectations.creationObserved(uid);
      return { created: succeeded, error: isNamespaceTerminating(error) ? undefined : error };
    },
    async delete(owner, pods, events) {
      const uids = pods.map((pod) => pod.metadata.uid ?? "");
      expectations.expectDeletions(owner.metadata.uid ?? "", uids);
      const results = await Promise.allSettled(pods.map((pod) => deletePod(owner, pod, events)));
      const failed = results.find((result) => result.status === "rejected");
      const deleted = pods.filter((_, index) => results[index]?.status === "fulfilled");
      return { deleted, error: failed?.reason as unknown };
    },
  };
}

/** The pod that a template makes for its owner; the API server makes a name of `generateName`. */
export function podFromTemplate(
  owner: KubeObject,
  template: PodTemplateSpec | undefined,
  generateName = `${owner.metadata.name}-`,
): Pod {
  const { namespace } = owner.metadata;
  const { metadata = {}, spec = { containers: [] } } = template ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  };
}

/** An error in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isNamespaceTerminating(error: unknown): boolean {
  const causes = error instanceof ApiError ? (error.status.details?.causes ?? []) : [];
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}
