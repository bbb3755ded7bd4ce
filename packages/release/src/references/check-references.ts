import { builtInType } from "../find-type.ts";
import { type ManifestSet, findReferences, type Reference } from "@seaworthy/app";
import { isNotFound, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { Notice, SeaworthyError } from "@seaworthy/errors";
import { isCustomKind, type KubeObject, type Manifest, podTemplateOf } from "@seaworthy/kube";
import { missingKey, missingObject, type Missing } from "./missing.ts";

export interface ReferenceOptions {
  readonly kind: "embedded" | "kubeconfig";
  readonly client: KubeClient;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  /** Whether this cluster runs the pods of an object. What it leaves out needs nothing. */
  readonly runs: (object: KubeObject) => boolean;
  readonly onNotice: (notice: Notice) => void;
}

/** What the embedded cluster can be given, because it is the administrator's on another one. */
export interface MissingClasses {
  readonly priorityClasses: readonly string[];
  readonly runtimeClasses: readonly string[];
  readonly storageClasses: readonly string[];
}

/**
 * Checks, before anything is applied, that each ConfigMap, Secret, key, claim and ServiceAccount that pods need is among the
 * manifests or in the cluster: without it no pod ever starts, and the kubelet says so only in events. Rejects with SW1204 or
 * SW1205, or with an AggregateError of them. Resolves with what is missing and can be made for the embedded cluster.
 */
export async function checkReferences(
  { manifests, leftOut }: Pick<ManifestSet, "manifests" | "leftOut">,
  options: ReferenceOptions,
): Promise<MissingClasses> {
  const world = createWorld(manifests, options);
  const missing = new Map<string, Missing>();
  const absent = new Map<string, Set<string>>();
  for (const manifest of manifests.filter(({ object }) => options.runs(object))) {
    const namespace = manifest.object.metadata.namespace ?? options.namespace;
    for (const reference of findReferences(manifest.object)) {
      const { kind, name, key } = reference;
      // The embedded edge serves every class, and says so itself.
      if (kind === "IngressClass" && options.kind === "embedded") continue;
      if (kind === "StorageClass" && hasVolumeOf(name, manifests)) continue;
      const found = await world.find(reference, namespace);
      if (found === "unknown" || (found !== undefined && (key === undefined || hasKey(found, key)))) continue;
      if (mayBeMade(reference, namespace, manifests, options.namespace)) continue;
      const absence = (options.kind === "embedded" ? madeHere[kind] : undefined) ?? absences[kind];
      if (absence !== undefined) {
        absent.set(absence, (absent.get(absence) ?? new Set()).add(name));
        continue;
      }
      // Of a missing object, its keys are missing, too: that is one fault.
      if (found === undefined && key !== undefined) continue;
      const id = [kind, namespace, name, key].join(" ");
      const uses = [...(missing.get(id)?.uses ?? []), { manifest, reference }];
      missing.set(id, { reference, namespace, uses, object: found });
    }
  }
  if (options.kind === "embedded") {
    const names = manifests
      .filter(({ object }) => options.runs(object))
      .flatMap((each) => emptyVolumes(each.object));
    if (names.length > 0) options.onNotice({ text: "volumes that are empty folders here", names });
  }
  for (const [text, names] of absent) options.onNotice({ text, names: [...names] });
  const errors: SeaworthyError[] = [];
  for (const each of missing.values()) {
    if (each.object !== undefined) errors.push(missingKey(each, keysOf(each.object)));
    else
      errors.push(
        missingObject(each, await world.names(each.reference, each.namespace), makersOf(each, leftOut)),
      );
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} references lead nowhere`);
  return {
    priorityClasses: [...(absent.get(madeHere.PriorityClass) ?? [])],
    runtimeClasses: [...(absent.get(madeHere.RuntimeClass) ?? [])],
    storageClasses: [...(absent.get(madeHere.StorageClass) ?? [])],
  };
}

/** The volumes that the embedded cluster fills, or that are empty anywhere. */
const filledVolumes = new Set([
  "configMap",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "hostPath",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** The volumes that a network or a driver would fill. */
function emptyVolumes(object: KubeObject): string[] {
  return (podTemplateOf(object)?.spec?.volumes ?? []).flatMap(({ name, ...source }) => {
    const type = Object.keys(source).find((key) => !filledVolumes.has(key));
    return type === undefined ? [] : [`${type} ${name}`];
  });
}

/** What Kubernetes does without these, when they are neither among the files nor in the cluster. */
const absences: Partial<Record<Reference["kind"], string>> = {
  imagePullSecret: "imagePullSecrets that are not there, so that a kubelet would pull without them",
  PriorityClass: "PriorityClasses that are not there, and a cluster without them refuses the pods",
  IngressClass: "IngressClasses that are not there, so that no controller serves their Ingresses",
  RuntimeClass: "RuntimeClasses that are not there, and a cluster without them refuses the pods",
  StorageClass:
    "StorageClasses that are not there, so that claims of them wait for a volume that somebody makes",
};

/** The same of what the embedded cluster can be given. */
const madeHere: Partial<Record<Reference["kind"], string>> &
  Readonly<Record<"PriorityClass" | "RuntimeClass" | "StorageClass", string>> = {
  PriorityClass:
    "PriorityClasses that are not there, so that they are made here with the value 0; another cluster without them refuses the pods",
  RuntimeClass:
    "RuntimeClasses that are not there, so that they are made here, and run pods as all others; another cluster without them refuses the pods",
  StorageClass:
    "StorageClasses that are not there, so that they are made here, with volumes that every node reaches; in another cluster without them, claims wait",
};

/** Whether somebody made a volume of the class: then no class is needed. */
function hasVolumeOf(storageClass: string, manifests: readonly Manifest[]): boolean {
  return manifests.some(
    ({ object }) =>
      object.kind === "PersistentVolume" &&
      (object["spec"] as { readonly storageClassName?: string } | undefined)?.storageClassName ===
        storageClass,
  );
}

function createWorld(manifests: readonly Manifest[], { client, namespace: usual }: ReferenceOptions) {
  const asked = new Map<string, Promise<KubeObject | "unknown" | undefined>>();
  const among = (kind: string, namespace: string | undefined) =>
    manifests
      .map(({ object }) => object)
      .filter(
        (object) =>
          object.kind === kind &&
          object.apiVersion === versions[kind] &&
          (namespace === undefined || (object.metadata.namespace ?? usual) === namespace),
      );
  return {
    /** The object; "unknown" when the cluster does not let it be read. */
    async find(reference: Reference, namespace: string): Promise<KubeObject | "unknown" | undefined> {
      const { type, kind } = typeOf(reference);
      const scope = type.namespaced ? namespace : undefined;
      const written = among(kind, scope).find(({ metadata }) => metadata.name === reference.name);
      if (written !== undefined) return written;
      if (isAlwaysThere(kind, reference.name)) return "unknown";
      const id = `${kind} ${scope ?? ""} ${reference.name}`;
      const answer = asked.get(id) ?? ask(client, type, scope, reference.name);
      asked.set(id, answer);
      return await answer;
    },
    /** The names that there are, for "did you mean". */
    async names(reference: Reference, namespace: string): Promise<string[]> {
      const { type, kind } = typeOf(reference);
      const written = among(kind, namespace).map(({ metadata }) => metadata.name);
      const live = await client.list<KubeObject>(type, { namespace }).then(
        ({ items }) => items.map(({ metadata }) => metadata.name),
        () => [],
      );
      const always = kind === "ServiceAccount" ? ["default"] : [];
      return [...new Set([...always, ...written, ...live])].filter((name) => name !== "kube-root-ca.crt");
    },
  };
}

const versions: Readonly<Record<string, string>> = {
  ConfigMap: "v1",
  Secret: "v1",
  PersistentVolumeClaim: "v1",
  ServiceAccount: "v1",
  PriorityClass: "scheduling.k8s.io/v1",
  RuntimeClass: "node.k8s.io/v1",
  IngressClass: "networking.k8s.io/v1",
  StorageClass: "storage.k8s.io/v1",
};

function typeOf({ kind }: Reference): { readonly type: ResourceType; readonly kind: string } {
  const referred = kind === "imagePullSecret" ? "Secret" : kind;
  const type = builtInType({ apiVersion: versions[referred]!, kind: referred })!;
  return { type, kind: referred };
}

/** What every namespace, or every cluster, has by itself. */
function isAlwaysThere(kind: string, name: string): boolean {
  return (
    (kind === "ServiceAccount" && name === "default") ||
    (kind === "ConfigMap" && name === "kube-root-ca.crt") ||
    (kind === "PriorityClass" && name.startsWith("system-"))
  );
}

async function ask(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): Promise<KubeObject | "unknown" | undefined> {
  try {
    return await client.get<KubeObject>(type, namespace, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    // Who may apply a Deployment need not be allowed to read Secrets: then nothing is known.
    return "unknown";
  }
}

function hasKey(object: KubeObject, key: string): boolean {
  return keysOf(object).includes(key) || object["type"] === "kubernetes.io/service-account-token";
}

function keysOf(object: KubeObject): string[] {
  return ["data", "stringData", "binaryData"].flatMap((field) => Object.keys(object[field] ?? {}));
}

/** Whether a custom object that is applied too may make the referred one: a Certificate or ExternalSecret its Secret. */
function mayBeMade(
  reference: Reference,
  namespace: string,
  manifests: readonly Manifest[],
  usual: string,
): boolean {
  return manifests.some(
    ({ object }) => (object.metadata.namespace ?? usual) === namespace && makes(object, reference.name),
  );
}

function makersOf({ reference }: Missing, leftOut: readonly Manifest[]): Manifest[] {
  return leftOut.filter(({ object }) => makes(object, reference.name));
}

function makes(object: KubeObject, name: string): boolean {
  if (!isCustomKind(object.apiVersion, object.kind)) return false;
  const { secretName, target, template } = (object["spec"] ?? {}) as {
    readonly secretName?: unknown;
    readonly target?: { readonly name?: unknown } | null;
    readonly template?: { readonly metadata?: { readonly name?: unknown } } | null;
  };
  return [object.metadata.name, secretName, target?.name, template?.metadata?.name].includes(name);
}
