import { formatYaml, type Deployment, type Manifest } from "@seaworthy/kube";
import { isScalerOf } from "../autoscaling/is-scaler-of.ts";
import type { Recommendation } from "./recommend.ts";
import type { SizeResult } from "./size-result.ts";

const heapFlag = "--max-old-space-size";

/**
 * What was computed as strategic merge patches, with the arithmetic in comments: of the Deployment, and of its autoscaler where
 * it has one, which then decides the replicas.
 */
export function sizePatch(result: SizeResult, manifests: readonly Manifest[]): string {
  const { name, namespace, container } = result.deployment;
  const of = (object: Manifest["object"]) => object.metadata.namespace ?? namespace;
  const deployment = manifests.find(
    ({ object }) => object.kind === "Deployment" && object.metadata.name === name && of(object) === namespace,
  )?.object as Deployment;
  const scaler = manifests.find(({ object }) => isScalerOf(object, name) && of(object) === namespace)?.object;
  const parts = [deploymentPatch(deployment, container, result.recommendation, scaler === undefined)];
  if (scaler !== undefined) parts.push(scalerPatch(scaler, result.recommendation));
  const comment = linesOf(result).map((line) => `# ${line}\n`);
  return comment.join("") + parts.map((part) => formatYaml(part)).join("---\n");
}

function linesOf({ deployment, knee, objective, recommendation: values }: SizeResult): string[] {
  const { cpuRequestMillis, memoryMebibytes, heapMebibytes, replicas, targetUtilization, maxReplicas } =
    values;
  const line = (name: string, value: string, sum: string) => [`  ${name}: ${value}`, `    ${sum}`];
  return [
    `Deployment ${deployment.name}: one pod serves ${knee.ratePerSecond.toFixed(0)} requests/s with a p99 of ${objective.p99Ms} ms or less`,
    ...line("requests.cpu", `${cpuRequestMillis.value}m`, cpuRequestMillis.sum),
    ...line("memory", `${memoryMebibytes.value}Mi`, memoryMebibytes.sum),
    ...(heapMebibytes === undefined ? [] : line(heapFlag, `${heapMebibytes.value}`, heapMebibytes.sum)),
    ...line("replicas", `${replicas.value}`, replicas.sum),
    ...line("averageUtilization of an autoscaler", `${targetUtilization.value} %`, targetUtilization.sum),
    ...line("maxReplicas of an autoscaler", `${maxReplicas.value}`, maxReplicas.sum),
  ];
}

function deploymentPatch(
  { apiVersion, kind, metadata, spec }: Deployment,
  container: string,
  { cpuRequestMillis, memoryMebibytes, heapMebibytes, replicas }: Recommendation,
  decidesReplicas: boolean,
): unknown {
  const memory = `${memoryMebibytes.value}Mi`;
  const own = spec.template.spec?.containers.find(({ name }) => name === container);
  const env = heapMebibytes === undefined ? undefined : nodeOptions(own?.env, heapMebibytes.value);
  return {
    apiVersion,
    kind,
    metadata: nameOf(metadata),
    spec: {
      ...(decidesReplicas ? { replicas: replicas.value } : {}),
      template: {
        spec: {
          containers: [
            {
              name: container,
              resources: { requests: { cpu: `${cpuRequestMillis.value}m`, memory }, limits: { memory } },
              ...(env === undefined ? {} : { env: [env] }),
            },
          ],
        },
      },
    },
  };
}

/** Other options stay. Where they come from somewhere else, nothing is known of them, and the flag is left to its owner. */
function nodeOptions(
  env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[] = [],
  mebibytes: number,
): { readonly name: string; readonly value: string } | undefined {
  const now = env.find(({ name }) => name === "NODE_OPTIONS");
  if (now?.valueFrom !== undefined) return undefined;
  const others = (now?.value ?? "").split(/\s+/).filter((word) => word !== "" && !word.startsWith(heapFlag));
  return { name: "NODE_OPTIONS", value: [...others, `${heapFlag}=${mebibytes}`].join(" ") };
}

/** Its metrics are written anew only where CPU is all that it looks at: a patch replaces the whole list. */
function scalerPatch(
  object: Manifest["object"],
  { minReplicas, maxReplicas, targetUtilization }: Recommendation,
): unknown {
  const { apiVersion, kind, metadata } = object;
  const { metrics = [] } = (object as { spec?: { metrics?: { resource?: { name?: string } }[] } }).spec ?? {};
  const onlyCpu =
    apiVersion === "autoscaling/v2" && metrics.every(({ resource }) => resource?.name === "cpu");
  const target = { type: "Utilization", averageUtilization: targetUtilization.value };
  return {
    apiVersion,
    kind,
    metadata: nameOf(metadata),
    spec: {
      minReplicas,
      maxReplicas: maxReplicas.value,
      ...(onlyCpu ? { metrics: [{ type: "Resource", resource: { name: "cpu", target } }] } : {}),
    },
  };
}

function nameOf({ name, namespace }: Manifest["object"]["metadata"]) {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}
