import type { Notice } from "@seaworthy/errors";
import { definesKind, gatewayDefinitionOf, isCustomKind, type Manifest } from "@seaworthy/kube";

/** Manifests, and what a user should know of those that are not among them. */
export interface ManifestSet {
  readonly manifests: readonly Manifest[];
  readonly notices: readonly Notice[];
  /** Objects that are not applied, though their controllers would make others: a Certificate makes a Secret. */
  readonly leftOut: readonly Manifest[];
}

/**
 * Leaves out what says of itself that it is not part of the set, and custom kinds where nobody knows them: they stay where
 * their CustomResourceDefinition is among the set, and those of the Gateway API, which the embedded cluster serves. A Secret or ConfigMap of a Helm hook stays, because the workloads need it.
 */
export function leaveOut(
  manifests: readonly Manifest[],
  { allowCustomKinds }: { readonly allowCustomKinds: boolean },
): ManifestSet {
  const kept: Manifest[] = [];
  const leftOut: Manifest[] = [];
  const names = new Map<string, string[]>();
  const isDefined = ({ object }: Manifest) =>
    gatewayDefinitionOf(object) !== undefined || manifests.some((each) => definesKind(each.object, object));
  for (const manifest of manifests) {
    const reason = reasonToLeaveOut(manifest, allowCustomKinds || isDefined(manifest));
    if (reason === undefined) {
      kept.push(manifest);
      continue;
    }
    leftOut.push(manifest);
    const { kind, metadata } = manifest.object;
    names.set(reason, [...(names.get(reason) ?? []), `${kind} ${metadata.name}`]);
  }
  return { manifests: kept, leftOut, notices: [...names].map(([text, each]) => ({ text, names: each })) };
}

/** Whether Helm or Argo CD applies a manifest apart from the others. */
export function isHook({ object }: Manifest): boolean {
  const { annotations } = object.metadata;
  return hookAnnotations.some((name) => annotations?.[name] !== undefined);
}

const hookAnnotations = ["helm.sh/hook", "argocd.argoproj.io/hook"];

function reasonToLeaveOut({ object }: Manifest, allowCustomKinds: boolean): string | undefined {
  const annotations: Readonly<Record<string, unknown>> = object.metadata.annotations ?? {};
  if (annotations["config.kubernetes.io/local-config"] === "true")
    return "left out, because config.kubernetes.io/local-config says that no cluster is meant";
  if (isPassingHook(object.kind, annotations["helm.sh/hook"]))
    return "left out, because helm.sh/hook says that Helm runs it before or after a release, or as a test";
  if (isPassingHook(object.kind, annotations["argocd.argoproj.io/hook"]))
    return "left out, because argocd.argoproj.io/hook says that Argo CD runs it before or after a sync";
  if (!allowCustomKinds && isCustomKind(object.apiVersion, object.kind))
    return "left out, because only a cluster with their CustomResourceDefinitions knows these custom kinds";
  return undefined;
}

/** What runs and ends, and what comes only after the release; a hook's configuration is there before it and stays. */
function isPassingHook(kind: string, hook: unknown): boolean {
  if (typeof hook !== "string" || hook === "") return false;
  const events = hook.split(",").map((event) => event.trim());
  return !events.some((event) => /^(?:pre-install|pre-upgrade|crd-install|PreSync|Sync)$/.test(event))
    ? true
    : /^(?:Job|Pod|CronJob)$/.test(kind);
}
