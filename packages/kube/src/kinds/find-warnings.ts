import type { Deployment, Ingress, KubeObject, Pod, Secret } from "../object.ts";
import { podSpecWarnings } from "./core/pod/pod-warnings.ts";
import { serviceWarnings } from "./core/service/service-warnings.ts";
import { dns1123Label } from "./meta/names.ts";

/** What the API server of Kubernetes v1.36 warns of in an object that it takes. Of its many warnings these are the common ones. */
export function findWarnings(object: KubeObject, old?: KubeObject): string[] {
  return [...(warnings[`${object.apiVersion}/${object.kind}`]?.(object, old) ?? [])];
}

/** `old` is there when the object takes its place. */
type Warnings = (object: KubeObject, old: KubeObject | undefined) => Iterable<string>;

const warnings: Readonly<Record<string, Warnings>> = {
  "v1/Pod": (object, old) => (old === undefined ? podSpecWarnings("spec", (object as Pod).spec) : []),
  "v1/Service": serviceWarnings,
  "v1/Secret": certificateWarnings,
  "apps/v1/Deployment": workloadWarnings,
  "apps/v1/ReplicaSet": workloadWarnings,
  "networking.k8s.io/v1/Ingress": ingressWarnings,
};

function* workloadWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old !== undefined && old.metadata.generation === object.metadata.generation) return;
  const reasons = dns1123Label(object.metadata.name);
  const why =
    "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
  if (reasons.length > 0 && old === undefined) yield `metadata.name: ${why}: [${reasons.join(" ")}]`;
  yield* podSpecWarnings("spec.template.spec", (object as Deployment).spec.template.spec);
}

function* ingressWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old !== undefined) return;
  const annotation = "kubernetes.io/ingress.class";
  const { annotations } = object.metadata;
  if (annotations?.[annotation] !== undefined && (object as Ingress).spec.ingressClassName === undefined)
    yield `annotation "${annotation}" is deprecated, please use 'spec.ingressClassName' instead`;
}

/** The first thing that Go's tls.X509KeyPair looks for; whether key and certificate belong together is not asked. */
function* certificateWarnings(object: KubeObject): Generator<string> {
  const { type, data = {} } = object as Secret;
  if (type !== "kubernetes.io/tls") return;
  const isPem = (key: string) => Buffer.from(data[key] ?? "", "base64").includes("-----BEGIN");
  if (!isPem("tls.crt")) yield "tls: failed to find any PEM data in certificate input";
  else if (!isPem("tls.key")) yield "tls: failed to find any PEM data in key input";
}
