import {
  formatObjectName,
  type FieldPath,
  type KubeObject,
  type Manifest,
  valueAtPath,
} from "@seaworthy/kube";
import { autoscalersOf } from "./autoscalers.ts";
import type { ObjectSet } from "../object-set.ts";

/** How many pods a workload has, and what says so. */
export interface ReplicaCount {
  readonly least: number;
  readonly most: number;
  /** The workload, or its autoscaler. */
  readonly manifest: Manifest;
  /** Where the least number is written, or would be. */
  readonly path: FieldPath;
}

/** How many pods a workload has; undefined for what has one for each node, or runs to its end. */
export function replicasOf(manifest: Manifest, set: ObjectSet): ReplicaCount | undefined {
  if (!isScalable(manifest.object)) return undefined;
  const [scaler] = autoscalersOf(manifest, set);
  if (scaler !== undefined)
    return {
      least: scaler.least,
      most: scaler.most,
      manifest: scaler.manifest,
      path: scaler.leastPath,
    };
  const written = (manifest.object["spec"] as { replicas?: unknown } | undefined)?.replicas;
  const count = typeof written === "number" ? written : 1;
  return { least: count, most: count, manifest, path: ["spec", "replicas"] };
}

/** The number, and where it is written, for people: `k8s/shop.yaml:7 asks for 2 replicas`. */
export function seenReplicas({ least, manifest, path }: ReplicaCount): string {
  const isWritten = valueAtPath(manifest.object, `.${path.join(".")}`) !== undefined;
  if (!isWritten)
    return `${String(path.at(-1))} of ${formatObjectName(manifest.object)} is not set: ${least}, the default`;
  const { file, line } = manifest.locate(path);
  return `${file}:${line} asks for ${least} ${least === 1 ? "replica" : "replicas"}`;
}

const scalable = new Set(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"]);

function isScalable({ kind }: KubeObject): boolean {
  return scalable.has(kind);
}
