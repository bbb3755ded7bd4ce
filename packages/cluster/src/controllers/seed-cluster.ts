import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  timestamp,
  systemPriorities,
  type IngressClass,
  type Namespace,
  type ServedType,
} from "@seaworthy/kube";
import type { KubeObject } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import { serviceRange } from "../kernel-network/ranges.ts";
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
  await seedServiceRange(client, options.clock);
  for (const storageClass of seededStorageClasses)
    await create(resourceTypes.storageclasses, structuredClone(storageClass));
}

/** The range of ClusterIPs, as programs ask for it (k8s.io/kubernetes/pkg/controlplane/controller/defaultservicecidr). */
async function seedServiceRange(client: KubeClient, clock: Clock): Promise<void> {
  const type = resourceTypes.servicecidrs;
  const range: KubeObject = {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: "kubernetes" },
    spec: { cidrs: [serviceRange] },
  };
  const made = await client.create<KubeObject>(type, range).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  if (made === undefined) return;
  const ready = {
    type: "Ready",
    status: "True",
    reason: "",
    message: "Kubernetes default Service CIDR is ready",
    lastTransitionTime: timestamp(clock.now()),
  };
  await client.update(type, { ...made, status: { conditions: [ready] } }, "status");
}
