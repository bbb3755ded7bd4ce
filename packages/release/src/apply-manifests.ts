import { ApiError, isNotFound, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { Notice, Place } from "@seaworthy/errors";
import { resourceTypes, type KubeObject, type Namespace, findBuiltInKind } from "@seaworthy/kube";
import { builtInType, typeFinder, type FindType } from "./find-type.ts";
import { readLastApplied, withLastApplied } from "./last-applied.ts";
import { refusalErrors } from "./refusal-errors.ts";
import { threeWayPatch } from "./three-way-patch.ts";

/** An object to be applied, and where it was written, if it was: a `Manifest` is one. */
export interface Appliable {
  readonly object: KubeObject;
  locate?(path: readonly (string | number)[]): Place;
}

/** An object that was applied. */
export interface Applied {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string | undefined;
  /** `created` objects are the ones that a trial takes away again. */
  readonly action: "created" | "configured" | "unchanged";
}

export interface ApplyOptions {
  /** Where namespaced objects go that name no namespace. */
  readonly namespace: string;
  /** Whether this cluster stores an object and does nothing about it. Default: no object. */
  readonly isIdle?: (object: KubeObject) => boolean;
  /** Called once for each kind that this cluster cannot take, or only stores, with the names of its objects. */
  readonly onNotice?: (notice: Notice) => void;
}

/**
 * Applies objects in an order in which none waits for a later one: definitions, namespaces, configuration, Services,
 * workloads, routes. Kinds that the cluster does not serve are passed over with a notice. An object that is refused does not
 * hold up the others, so that all refusals are told at once, each at the field that it names: one error, or an AggregateError.
 */
export async function applyManifests(
  client: KubeClient,
  manifests: readonly Appliable[],
  options: ApplyOptions,
): Promise<Applied[]> {
  const applied: Applied[] = [];
  const told = new Map<string, string[]>();
  const tell = (text: string, { metadata }: KubeObject) =>
    void told.set(text, [...(told.get(text) ?? []), metadata.name]);
  const findType = typeFinder(
    client,
    manifests.map(({ object }) => object),
  );
  const refusals: Error[] = [];
  for (const manifest of manifests.toSorted((left, right) => orderOf(left.object) - orderOf(right.object))) {
    const result = await applyOne(client, manifest, findType, options);
    if (result instanceof Error) {
      refusals.push(...(result instanceof AggregateError ? (result.errors as Error[]) : [result]));
      continue;
    }
    const { object } = manifest;
    const what = `${object.apiVersion} ${object.kind}`;
    if (result === undefined) tell(`left out, because this cluster does not serve ${what}`, object);
    else applied.push(result);
    if (result !== undefined && options.isIdle?.(object) === true)
      tell(`stored only, because nothing in this cluster acts upon ${what}`, object);
  }
  for (const [text, names] of told) options.onNotice?.({ text, names });
  const [only, ...more] = refusals;
  if (more.length > 0)
    throw new AggregateError(refusals, `the Kubernetes API refused ${refusals.length} things`);
  if (only !== undefined) throw only;
  return applied;
}

/** Makes the namespaces that are not there yet and that are not among the objects themselves. */
export async function ensureNamespaces(
  client: KubeClient,
  names: readonly string[],
  objects: readonly KubeObject[],
): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const name of names) {
    if (objects.some((object) => object.kind === "Namespace" && object.metadata.name === name)) continue;
    if ((await getOrUndefined(client, resourceTypes.namespaces, undefined, name)) !== undefined) continue;
    const object = await client.create<Namespace>(resourceTypes.namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
    applied.push({
      type: resourceTypes.namespaces,
      namespace: undefined,
      name,
      uid: object.metadata.uid,
      action: "created",
    });
  }
  return applied;
}

const unauthorized = 401;

/** Kinds that are not Kubernetes' own come beside the workloads. */
function orderOf({ apiVersion, kind }: KubeObject): number {
  return findBuiltInKind(apiVersion, kind)?.applyOrder ?? 50;
}

/** Undefined when the cluster does not serve the kind; the refusal when it refuses the object. */
async function applyOne(
  client: KubeClient,
  manifest: Appliable,
  findType: FindType,
  options: ApplyOptions,
): Promise<Applied | Error | undefined> {
  const type = await findType(manifest.object);
  if (type === undefined) return undefined;
  const namespace = type.namespaced ? (manifest.object.metadata.namespace ?? options.namespace) : undefined;
  const object = withLastApplied(manifest.object, namespace);
  const identity = { type, namespace, name: object.metadata.name };
  try {
    const live = await getOrUndefined(client, type, namespace, object.metadata.name);
    if (live === undefined) {
      const created = await client.create<KubeObject>(type, object);
      return { ...identity, uid: created.metadata.uid, action: "created" };
    }
    const patch = threeWayPatch(readLastApplied(live), object);
    const patched = await client.patch<KubeObject>(
      type,
      namespace,
      object.metadata.name,
      // Only Kubernetes' own kinds know strategic merge patches.
      builtInType(object) === undefined ? "merge" : "strategic",
      patch,
    );
    const changed = patched.metadata.resourceVersion !== live.metadata.resourceVersion;
    return { ...identity, uid: patched.metadata.uid, action: changed ? "configured" : "unchanged" };
  } catch (error) {
    if (isNotServed(error)) return undefined;
    if (!(error instanceof ApiError)) throw error;
    const refusal = refusalErrors(error, manifest);
    // Nobody who is unknown to the cluster needs to be told so for each object.
    if (error.httpCode === unauthorized) throw refusal;
    return refusal;
  }
}

async function getOrUndefined(
  client: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await client.get<KubeObject>(type, namespace, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The API server's 404 for a path that it does not have names no object, unlike that for a missing object or namespace. */
function isNotServed(error: unknown): boolean {
  return isNotFound(error) && (error.status.details?.name ?? "") === "";
}
