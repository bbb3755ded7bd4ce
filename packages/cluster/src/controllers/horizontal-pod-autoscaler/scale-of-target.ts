import { isConflict, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { Kinds, KubeObject } from "@seaworthy/kube";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";

/** The Scale of what an autoscaler names, and how it is reached. */
export interface TargetScale {
  readonly type: ResourceType;
  readonly current: number;
  /** How many there are, as its status has it. */
  readonly running: number;
  readonly selector: string;
  readonly scale: Scale;
}

/** An autoscaling/v1 Scale. */
interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

/** k8s.io/client-go/util/retry, DefaultRetry. */
const mostTries = 5;

/** Reads it. Rejects where the kind is not served, or the object is not there. */
export async function readScale(
  client: KubeClient,
  kinds: Kinds,
  { spec, metadata }: HorizontalPodAutoscaler,
): Promise<TargetScale> {
  const { apiVersion = "v1", kind, name } = spec.scaleTargetRef;
  const type = kinds.find(apiVersion, kind);
  if (type === undefined) {
    const [group = ""] = apiVersion.includes("/") ? apiVersion.split("/") : [];
    throw new Error(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
  }
  const scale = await client.get<Scale>(type, metadata.namespace, name, "scale");
  const { replicas: running = 0, selector = "" } = scale.status ?? {};
  return { type, current: scale.spec?.replicas ?? 0, running, selector, scale };
}

/** Sets the number of replicas; again, with what is there now, where somebody else wrote meanwhile. */
export async function setReplicas(
  client: KubeClient,
  { type, scale }: TargetScale,
  replicas: number,
): Promise<void> {
  const { namespace, name } = scale.metadata;
  let latest = scale;
  for (let tries = 1; ; tries += 1) {
    try {
      await client.update<Scale>(type, { ...latest, spec: { replicas } }, "scale");
      return;
    } catch (error) {
      if (!isConflict(error) || tries === mostTries) throw error;
      latest = await client.get<Scale>(type, namespace, name, "scale").catch(() => latest);
    }
  }
}
