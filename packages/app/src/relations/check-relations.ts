import { SeaworthyError } from "@seaworthy/errors";
import {
  formatObjectName,
  isCustomKind,
  serviceSelects,
  type Deployment,
  type KubeObject,
  type Manifest,
  type Service,
  podTemplateOf,
} from "@seaworthy/kube";
import type { ManifestSet } from "../manifests/leave-out.ts";
import { findRoutes, selectedDeployments } from "../routes/find-routes.ts";
import { leftOutLines, type LeftOut } from "../routes/left-out.ts";

/**
 * What is wrong between the objects: Services that select nothing, and for a trial nothing to roll or nothing to ask.
 * Custom kinds are not looked at, whatever they are called: the Service of Knative selects no pods.
 */
export function findRelationProblems(
  { manifests, leftOut }: Pick<ManifestSet, "manifests" | "leftOut">,
  command: "check" | "size" | "trial" | "up",
): SeaworthyError[] {
  const own = manifests.filter(({ object }) => !isCustomKind(object.apiVersion, object.kind));
  const problems = own
    .filter(({ object }) => object.kind === "Service")
    .flatMap((manifest) => selectsNothing(manifest, [...manifests, ...leftOut]));
  if (command === "up") return problems;
  const deployments = own.filter(({ object }) => object.kind === "Deployment");
  if (deployments.length === 0) return [...problems, noDeployment([...manifests, ...leftOut])];
  const found = findRoutes(own.map(({ object }) => object));
  if (problems.length === 0 && found.routes.length === 0)
    return [nothingToAsk(deployments[0]!, found.leftOut)];
  return problems;
}

function selectsNothing(manifest: Manifest, manifests: readonly Manifest[]): SeaworthyError[] {
  const service = manifest.object as Service;
  const selector = service.spec.selector ?? {};
  const pods = manifests.filter(({ object }) => isWorkload(object));
  if (Object.keys(selector).length === 0 || service.spec.type === "ExternalName") return [];
  if (manifests.some(({ object }) => mayMakePodsFor(service, object))) return [];
  if (pods.some(({ object }) => selects(service, object))) return [];
  const [key, value] =
    Object.entries(selector).find(([label, wanted]) =>
      pods.every(({ object }) => labelsOf(object)[label] !== wanted),
    ) ?? Object.entries(selector)[0]!;
  const place = manifest.locate(["spec", "selector", key]) ?? manifest.locate(["spec", "selector"]);
  const near = pods.find(({ object }) => labelsOf(object)[key] !== undefined);
  return [
    new SeaworthyError("SW1201", `Service ${service.metadata.name} selects no pod`, {
      place:
        place === undefined
          ? undefined
          : { ...place, label: `no pod template in these files is labelled ${key}=${value}` },
      object: formatObjectName(service),
      field: `spec.selector.${key}`,
      why: "every request to this Service is refused, and no rollout shows it",
      seen: pods.map((pod) => seenLabels(pod)),
      next: [
        near === undefined
          ? "give the pod template these labels, or the selector those of the pods"
          : `write \`${key}: ${labelsOf(near.object)[key]}\``,
      ],
    }),
  ];
}

/** Whatever has a pod template makes pods, custom kinds such as a Rollout, too. */
function isWorkload(object: KubeObject): boolean {
  return podTemplateOf(object) !== undefined;
}

/** An operator labels the pods that it makes with the name of the object that asked for them. */
function mayMakePodsFor(service: Service, { apiVersion, kind, metadata }: KubeObject): boolean {
  return isCustomKind(apiVersion, kind) && Object.values(service.spec.selector ?? {}).includes(metadata.name);
}

function selects(service: Service, object: KubeObject): boolean {
  if (object.apiVersion === "apps/v1" && object.kind === "Deployment")
    return selectedDeployments(service, [object as Deployment]).length > 0;
  return serviceSelects(service, labelsOf(object));
}

function labelsOf(object: KubeObject): Readonly<Record<string, string>> {
  return podTemplateOf(object)?.labels ?? {};
}

function seenLabels(manifest: Manifest): string {
  const place = manifest.locate(["spec", "template", "metadata", "labels"]);
  const labels = Object.entries(labelsOf(manifest.object)).map(([key, value]) => `${key}=${value}`);
  return `${place === undefined ? "" : `${place.file}:${place.line} `}${formatObjectName(manifest.object)} labels its pods ${labels.join(", ") || "with nothing"}`;
}

function noDeployment(manifests: readonly Manifest[]): SeaworthyError {
  const kinds = [...new Set(manifests.map(({ object }) => object.kind))];
  return new SeaworthyError("SW1203", "there is no Deployment to roll", {
    why: "a trial changes a Deployment's pod template and watches its pods go",
    seen: [`${manifests.length} object${manifests.length === 1 ? "" : "s"}: ${kinds.join(", ") || "none"}`],
    next: ["give the folder or file that has the Deployment, beside those given"],
  });
}

function nothingToAsk(deployment: Manifest, leftOut: readonly LeftOut[]): SeaworthyError {
  return new SeaworthyError("SW1202", "there is nothing to send requests to", {
    place: deployment.locate(["spec", "template", "metadata", "labels"]),
    object: formatObjectName(deployment.object),
    why: "a trial sends requests through an Ingress or a Service, and none of these leads to a Deployment",
    seen:
      leftOut.length === 0
        ? ["no Ingress leads to a Service of these files, and no Service selects a Deployment"]
        : leftOutLines(leftOut),
    next: ["add a Service whose selector matches the pod template's labels"],
  });
}
