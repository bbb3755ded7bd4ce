import type { Deployment, ReplicaSet } from "@seaworthy/kube";
import { controllerReference } from "../pod-owners/claim-objects.ts";
import { currentAnnotations, revisionOf, sizeAnnotations } from "./annotations.ts";
import { equalIgnoringHash, podTemplateHash, podTemplateHashLabel } from "./pod-template-hash.ts";
import { byCreation, newReplicaSetSize } from "./rolling-update.ts";

/** The ReplicaSet whose pods are what the Deployment asks for; the oldest of several. */
export function findNewReplicaSet(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return [...replicaSets]
    .sort(byCreation)
    .find((replicaSet) => equalIgnoringHash(templateOf(replicaSet), deployment.spec.template));
}

/** The pod template of a ReplicaSet; the API server sees to it that there is one. */
export function templateOf(replicaSet: ReplicaSet): Deployment["spec"]["template"] {
  return replicaSet.spec.template ?? { spec: { containers: [] } };
}

/** The revision that the current ReplicaSet gets: one above all others. */
export function nextRevision(old: readonly ReplicaSet[]): bigint {
  return old.map(revisionOf).reduce((most, revision) => (revision > most ? revision : most), 0n) + 1n;
}

/** The ReplicaSet that is to be created for the Deployment's present template. */
export function makeNewReplicaSet(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = podTemplateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [podTemplateHashLabel]: hash };
  const { name, namespace } = deployment.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: {
        ...currentAnnotations(deployment, {}, nextRevision(old)),
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newReplicaSetSize(deployment, old, 0),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [podTemplateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
