import { isAlreadyExists, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type PersistentVolumeClaim, type Pod, type StatefulSet } from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import type { Expectations } from "../pod-owners/expectations.ts";
import { messageOf } from "../pod-owners/pod-control.ts";
import { deletesWhenScaled, hasOtherController, hasStaleOwner, missingClaimOwners } from "./claim-owners.ts";
import { claimNameOf, hasIdentity, withIdentity, type ClaimTemplate } from "./stateful-pod.ts";

/**
 * Creates, mends and deletes the pods of one StatefulSet, with their claims, and tells of it in events.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_pod_control.go
 */
export class StatefulPodControl {
  readonly #client: KubeClient;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #expectations: Expectations;
  readonly #events: EventRecorder;
  readonly #set: StatefulSet;

  constructor(
    tools: {
      readonly client: KubeClient;
      readonly claims: Informer<PersistentVolumeClaim>;
      readonly expectations: Expectations;
      readonly events: EventRecorder;
    },
    set: StatefulSet,
  ) {
    this.#client = tools.client;
    this.#claims = tools.claims;
    this.#expectations = tools.expectations;
    this.#events = tools.events;
    this.#set = set;
  }

  async create(pod: Pod, ordinal: number): Promise<void> {
    const uid = this.#set.metadata.uid ?? "";
    let created: Pod;
    try {
      await this.createClaims(pod, ordinal);
      this.#expectations.expectCreations(uid, 1);
      created = await this.#client.create(resourceTypes.pods, pod).catch((error: unknown) => {
        this.#expectations.creationObserved(uid);
        throw error;
      });
    } catch (error) {
      if (!isAlreadyExists(error)) this.#tell("Create", pod, error);
      throw error;
    }
    await this.ownClaims(created, ordinal);
    this.#tell("Create", pod, undefined);
  }

  async delete(pod: Pod): Promise<void> {
    const { namespace, name, uid = "" } = pod.metadata;
    const owner = this.#set.metadata.uid ?? "";
    this.#expectations.expectDeletions(owner, [uid]);
    try {
      await this.#client.delete(resourceTypes.pods, namespace, name, { uid });
    } catch (error) {
      this.#expectations.deletionObserved(owner, uid);
      if (!isNotFound(error)) {
        this.#tell("Delete", pod, error);
        throw error;
      }
    }
    this.#tell("Delete", pod, undefined);
  }

  /** Gives a pod and its claims what they lack. */
  async mend(pod: Pod, ordinal: number): Promise<void> {
    if (hasIdentity(this.#set, pod, ordinal)) return await this.ownClaims(pod, ordinal);
    try {
      await this.createClaims(pod, ordinal);
      await this.ownClaims(pod, ordinal);
      await this.#client.update(resourceTypes.pods, withIdentity(this.#set, pod, ordinal));
    } catch (error) {
      this.#tell("Update", pod, error);
      throw error;
    }
    this.#tell("Update", pod, undefined);
  }

  /** Creates the claims of a pod that are not there; one that is being deleted cannot be used any more. */
  async createClaims(pod: Pod, ordinal: number): Promise<void> {
    for (const template of this.#templates()) {
      const claim = makeClaim(this.#set, template, ordinal);
      const { namespace, name } = claim.metadata;
      const present = this.#claims.get(namespace, name);
      if (present?.metadata.deletionTimestamp !== undefined) throw new Error(`pvc ${name} is being deleted`);
      if (present === undefined) await this.#createClaim(claim, pod);
    }
  }

  async #createClaim(claim: PersistentVolumeClaim, pod: Pod): Promise<void> {
    const { name } = claim.metadata;
    const what = `Create Claim ${name}`;
    const set = this.#set.metadata.name;
    try {
      await this.#client.create(resourceTypes.persistentvolumeclaims, claim);
      const message = `${what} Pod ${pod.metadata.name} in StatefulSet ${set} success`;
      this.#events.event(this.#set, "Normal", "SuccessfulCreate", message);
    } catch (error) {
      // The cache has not shown it yet.
      if (isAlreadyExists(error)) return;
      const message = `${what} for Pod ${pod.metadata.name} in StatefulSet ${set} failed error: ${messageOf(error)}`;
      this.#events.event(this.#set, "Warning", "FailedCreate", message);
      throw new Error(`failed to create PVC ${name}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Makes claims go with the pod, or with the set, as the policy says. */
  async ownClaims(pod: Pod, ordinal: number): Promise<void> {
    for (const claim of this.#claimsOf(ordinal)) {
      const { namespace, name, resourceVersion } = claim.metadata;
      if (hasOtherController(claim, this.#set, pod)) {
        const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        this.#events.event(this.#set, "Warning", "ConflictingController", message);
      }
      const ownerReferences = missingClaimOwners(claim, this.#set, pod, ordinal);
      if (ownerReferences === undefined) continue;
      const patch = { metadata: { resourceVersion, ownerReferences } };
      await this.#client.patch(resourceTypes.persistentvolumeclaims, namespace, name, "merge", patch);
    }
  }

  /** Whether a claim is about to go with a pod of this name that was there before. */
  hasStaleClaims(pod: Pod, ordinal: number): boolean {
    return deletesWhenScaled(this.#set) && this.#claimsOf(ordinal).some((claim) => hasStaleOwner(claim, pod));
  }

  #claimsOf(ordinal: number): PersistentVolumeClaim[] {
    const { namespace } = this.#set.metadata;
    return this.#templates().flatMap(
      (template) => this.#claims.get(namespace, claimNameOf(this.#set, template, ordinal)) ?? [],
    );
  }

  #templates(): readonly ClaimTemplate[] {
    return this.#set.spec.volumeClaimTemplates ?? [];
  }

  #tell(verb: "Create" | "Update" | "Delete", pod: Pod, error: unknown): void {
    const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name}`;
    if (error === undefined)
      this.#events.event(this.#set, "Normal", `Successful${verb}`, `${what} successful`);
    else
      this.#events.event(this.#set, "Warning", `Failed${verb}`, `${what} failed error: ${messageOf(error)}`);
  }
}

function makeClaim(set: StatefulSet, template: ClaimTemplate, ordinal: number): PersistentVolumeClaim {
  const { labels, annotations } = template.metadata ?? {};
  const { namespace } = set.metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimNameOf(set, template, ordinal),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, ...set.spec.selector.matchLabels },
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(template.spec === undefined ? {} : { spec: template.spec }),
  };
}
