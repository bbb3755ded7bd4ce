import { formatObjectName, isJsonObject, valueAtPath, type KubeObject, type Manifest } from "@seaworthy/kube";
import { autoscalersOf } from "../../../objects/workloads/autoscalers.ts";
import { workloadRule } from "../../../workload-rule.ts";

/** A workload that says how many pods it has, and an autoscaler that says so as well. */
export const autoscalerAndReplicas = workloadRule(
  {
    id: "autoscaler-and-replicas",
    severity: "warning",
    title: "replicas is set beside an autoscaler",
    why: `Each time the manifest is applied, the number of pods falls back to \`replicas\`, at the height of the load if that
is when you deploy, and the autoscaler needs minutes to add them again.`,
    mend: `Leave \`replicas\` out where an autoscaler sets it. Careful where it has been applied with it before: client-side
\`kubectl apply\` then takes it for a removal, and the number falls to 1 once. Remove it first from what was last applied:
\`kubectl apply edit-last-applied deployment/NAME\`.`,
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
      "https://github.com/kubernetes/website/pull/29739",
      "https://github.com/kubernetes/kubernetes/issues/25238",
    ],
    profile: "default",
    peers: { "kube-score": ["deployment-targeted-by-hpa-does-not-have-replicas-configured"] },
  },
  function* look({ pod }, set) {
    const { manifest } = pod;
    const [scaler] = autoscalersOf(manifest, set);
    if (scaler === undefined) return;
    const written = writtenReplicas(manifest);
    if (typeof written !== "number") return;
    const { kind, metadata } = manifest.object;
    const path = ["spec", "replicas"];
    const { file, line } = scaler.manifest.locate(["spec"]);
    const isLive = isOfApi(manifest.object);
    yield {
      path,
      message: `each apply of ${kind} ${metadata.name} sets ${written} replicas, and ${formatObjectName(scaler.manifest.object)} another number`,
      label: `the autoscaler sets ${scaler.least} to ${scaler.most}`,
      ...(isLive && {
        because: "it was applied with replicas, so that leaving them out now lets the number fall to 1 once",
      }),
      seen: [`${file}:${line} scales it from ${scaler.least} to ${scaler.most}`],
      next: [
        ...(isLive ? [] : ["remove replicas"]),
        `where it is applied already, first: kubectl apply edit-last-applied ${kind.toLowerCase()}/${metadata.name}`,
      ],
      ...(!isLive && { fix: { isSafe: false, edits: [{ manifest, path, op: "remove" }] } }),
    };
  },
);

/** The number as people wrote it: in an object of the API, where the autoscaler writes as well, what was last applied. */
function writtenReplicas({ object }: Manifest): unknown {
  if (!isOfApi(object)) return valueAtPath(object, ".spec.replicas");
  const text = object.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"];
  return text === undefined ? undefined : valueAtPath(readJson(text), ".spec.replicas");
}

function isOfApi({ metadata }: KubeObject): boolean {
  return Boolean(metadata.uid);
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Somebody may have cut it: then nothing is known.
    return undefined;
  }
}
