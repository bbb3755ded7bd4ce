import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  systemPriorities,
  type IngressClass,
  type Namespace,
  type ServedType,
} from "@seaworthy/kube";
import type { KubeObject } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import { seededStorageClasses } from "./volumes/storage-classes.ts";

/** How a fresh cluster is filled. */
export interface SeedOptions {
  readonly clock: Clock;
  /** The name of the default IngressClass. Default `nginx`. */
  readonly ingressClass?: string;
}

/** Creates what every cluster has from the start. Objects that are there already are left as they are. */
export async function seedCluster(client: KubeClient, options: SeedOptions): Promise<void> {
  const create = async <T extends KubeObject>(type: ServedType, object: T): Promise<void> => {
    await client.create(type, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  };
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    await create(resourceTypes.namespaces, namespace);
  }
  for (const priority of systemPriorities)
    await create(resourceTypes.priorityclasses, structuredClone(priority));
  const ingressClass: IngressClass = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: {
      name: options.ingressClass ?? "nginx",
      annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
    },
    spec: { controller: "k8s.io/ingress-nginx" },
  };
  await create(resourceTypes.ingressclasses, ingressClass);
  for (const storageClass of seededStorageClasses)
    await create(resourceTypes.storageclasses, structuredClone(storageClass));
}
