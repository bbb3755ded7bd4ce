import { isCustomKind, type KubeObject, type Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "../object-set.ts";
import { isRole, type RoleObject } from "../role-bindings.ts";

/** What puts a ConfigMap or a Secret into the cluster. */
export interface Provider {
  readonly manifest: Manifest;
  /** The keys that it has; undefined where nobody can tell. */
  readonly keys: readonly string[] | undefined;
}

/**
 * What makes a ConfigMap or Secret that an object refers to: it itself, or what a controller makes it of. Of custom kinds, whichever
 * names it anywhere is taken for its maker, as is one after which it is called: operators have many ways to say so.
 */
export function providerOf(
  kind: "ConfigMap" | "Secret",
  name: string,
  near: KubeObject,
  set: ObjectSet,
): Provider | undefined {
  const own = set.beside(near, kind, name);
  if (own !== undefined) return { manifest: own, keys: keysOf(own.object) };
  const maker = makersNear(near, set).find((each) => each.names(name, kind));
  return maker === undefined ? undefined : { manifest: maker.manifest, keys: maker.keys?.() };
}

/** The keys of a ConfigMap or Secret; undefined for one that a controller fills. */
function keysOf(object: KubeObject): string[] | undefined {
  if (object["type"] === "kubernetes.io/service-account-token") return undefined;
  const annotations = Object.keys(object.metadata.annotations ?? {});
  if (annotations.some((key) => fillers.test(key))) return undefined;
  return ["data", "stringData", "binaryData"].flatMap((field) => Object.keys(object[field] ?? {}));
}

/** Annotations by which a controller is asked to put something into an object that is empty or has less. */
const fillers = /inject|replicat|reflect|generate|vault|sops|cert-manager/i;

/** What makes Secrets or ConfigMaps. */
interface Maker {
  readonly manifest: Manifest;
  names(name: string, kind: string): boolean;
  keys?(): readonly string[] | undefined;
}

/** By namespace, "" for those that name none. */
const makers = new WeakMap<ObjectSet, ReadonlyMap<string, readonly Maker[]>>();

function makersNear({ metadata: { namespace } }: KubeObject, set: ObjectSet): readonly Maker[] {
  let found = makers.get(set);
  if (found === undefined) {
    const all = [
      ...set.manifests.flatMap((manifest) => makerOf(manifest) ?? []),
      ...set.unreadable.flatMap((manifest) => unreadableMaker(manifest) ?? []),
    ];
    found = Map.groupBy(all, ({ manifest }) => manifest.object.metadata.namespace ?? "");
    makers.set(set, found);
  }
  if (namespace === undefined) return [...found.values()].flat();
  return [...(found.get(namespace) ?? []), ...(found.get("") ?? [])];
}

function makerOf(manifest: Manifest): Maker | undefined {
  const { object } = manifest;
  const { apiVersion, kind, metadata } = object;
  if (kind === "Ingress" || kind === "Gateway") {
    const isIssued = Object.keys(metadata.annotations ?? {}).some((key) => issuers.test(key));
    if (!isIssued) return undefined;
    const words = wordsIn(object["spec"]);
    return { manifest, names: (name, of) => of === "Secret" && words.has(name) };
  }
  if (isRole(object)) return roleMaker(manifest, object);
  if (!isCustomKind(apiVersion, kind) || routing.test(apiVersion)) return undefined;
  const words = wordsIn(object["spec"]);
  return {
    manifest,
    names: (name) =>
      words.has(name) || name === metadata.name || (!exact.has(kind) && name.startsWith(`${metadata.name}-`)),
    keys: () => keysMadeBy(object),
  };
}

/** What a Role that cannot be read says is not known, so whatever it names anywhere may be made. */
function unreadableMaker(manifest: Manifest): Maker | undefined {
  if (!isRole(manifest.object)) return makerOf(manifest);
  const words = wordsIn(manifest.object);
  return { manifest, names: (name) => words.has(name) };
}

/** A pod that may make Secrets, and is given one by name, makes that one: the name of a new object cannot be limited. */
function roleMaker(manifest: Manifest, role: RoleObject): Maker | undefined {
  const rules = (role.rules ?? []).filter(({ apiGroups }) => apiGroups?.includes("") === true);
  const made = ["Secret", "ConfigMap"].flatMap((kind) => {
    const own = rules.filter(({ resources }) => resources?.includes(`${kind.toLowerCase()}s`) === true);
    if (!own.some(({ verbs }) => verbs?.includes("create") === true)) return [];
    return own.flatMap(({ resourceNames }) => resourceNames ?? []).map((name) => `${kind} ${name}`);
  });
  return made.length === 0
    ? undefined
    : { manifest, names: (name, kind) => made.includes(`${kind} ${name}`) };
}

const issuers = /^(?:cert-manager\.io|kubernetes\.io\/tls-acme)|acme|cert\.gardener|certmanager/;

/** Kinds that say the name of what they make, or make it by their own. */
const exact: ReadonlySet<string> = new Set([
  "Certificate",
  "ExternalSecret",
  "SealedSecret",
  "SecretProviderClass",
]);

/** What only uses Secrets of others. */
const routing =
  /^(?:gateway\.networking\.k8s\.io|networking\.istio\.io|traefik\.io|monitoring\.coreos\.com|argoproj\.io)\//;

/** The keys of what a custom object makes, for those of which this is known. */
function keysMadeBy({ kind, ...object }: KubeObject): readonly string[] | undefined {
  const spec = object["spec"] as {
    readonly encryptedData?: Readonly<Record<string, unknown>>;
    readonly template?: { readonly data?: Readonly<Record<string, unknown>> };
    /** Operators have kinds of this name whose data is no list. */
    readonly data?: unknown;
    readonly dataFrom?: readonly unknown[];
    readonly target?: { readonly template?: { readonly data?: Readonly<Record<string, unknown>> } };
  };
  if (kind === "SealedSecret")
    return [...Object.keys(spec?.encryptedData ?? {}), ...Object.keys(spec?.template?.data ?? {})];
  if (kind !== "ExternalSecret" || spec?.dataFrom !== undefined || spec?.target?.template !== undefined)
    return undefined;
  if (!Array.isArray(spec?.data)) return undefined;
  return (spec.data as readonly ({ readonly secretKey?: string } | null)[]).flatMap(
    (each) => each?.secretKey ?? [],
  );
}

const mostWords = 10_000;

/** Every string in a value. */
function wordsIn(value: unknown, words: Set<string> = new Set()): Set<string> {
  if (typeof value === "string") words.add(value);
  else if (typeof value === "object" && value !== null && words.size < mostWords)
    for (const each of Object.values(value)) wordsIn(each, words);
  return words;
}
