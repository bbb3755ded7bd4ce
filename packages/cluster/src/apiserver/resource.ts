import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { rulesOf, type FieldError, type KubeObject, type ServedType, type Storage } from "@seaworthy/kube";
import type { ApiContext } from "./api-context.ts";
import type { NamedType } from "./http/status-error.ts";
import { StoredObject } from "./store/stored-object.ts";
import type { Deletion, DeletionOptions } from "./verbs/deletion.ts";
import type { WriteOptions } from "./verbs/write-options.ts";

/** A type as this server serves it. */
export interface Resource extends Storage, Behavior {
  readonly type: ServedType;
  /** Its collection in the store. The versions of a kind share one. */
  readonly collection: string;
  /** The version in which its objects are stored. */
  readonly storedAs: string;
  /** The kind in another of its versions, if that is served. */
  typeIn(apiVersion: string): ServedType | undefined;
}

/** The types of a server, as its kinds have them at the moment. */
export interface Resources {
  list(): readonly Resource[];
  /** The resource at `/apis/{group}/{version}/{plural}`. */
  find(group: string, version: string, plural: string): Resource | undefined;
}

/**
 * What this server does with objects of one kind beyond storing them. The facts about a kind that need no server are in
 * `@seaworthy/kube`. Drafts may be changed; old objects must not be.
 */
export interface Behavior {
  /** What Kubernetes does with a new object as admission, before those are asked whom clients configure; again when they change it. */
  admitCreate?(draft: KubeObject, context: ApiContext): void;
  /** Errors are those of allocating, which is done first and refuses alone; rules for values are in `@seaworthy/kube`. */
  prepareCreate?(draft: KubeObject, context: ApiContext): readonly FieldError[];
  prepareUpdate?(draft: KubeObject, old: KubeObject, context: ApiContext): readonly FieldError[];
  prepareStatus?(draft: KubeObject, old: KubeObject, context: ApiContext): readonly FieldError[];
  /** Takes a DELETE over; undefined where the object is deleted as any other. */
  interceptDelete?(
    context: ApiContext,
    resource: Resource,
    stored: StoredObject,
    options: DeletionOptions & WriteOptions,
  ): Deletion | undefined;
  /** Whether an object that is being deleted has to stay, though it has no finalizer. */
  holds?(draft: KubeObject): boolean;
  /** What stands under an object's path, beside `/status` and `/scale`. */
  readonly subresources?: readonly Subresource[];
}

/** What stands under an object's path. */
export interface Subresource {
  readonly name: string;
  /** The kind that it takes and gives, of whatever group. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
  /** A client is connected to something by it, and there is no object but the options of the query. */
  readonly connects?: boolean;
  /** Paths below it and whatever method are its own to answer. */
  readonly takesPaths?: boolean;
  handle(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse | Promise<ApiResponse>;
}

/** Where a request's path leads inside the API. */
export interface Route {
  readonly resource: Resource;
  /** Undefined for types without a namespace and for collections across all of them. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** The parts of the path below a subresource that takes paths. */
  readonly below?: readonly string[];
}

/** A route to one object. */
export type ObjectRoute = Route & { readonly name: string };

/** The key of an object inside its collection. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The kind that a refused object is said to be: the one that is stored, whose group is another where two groups share it. */
export function refusedKind({ type, storedWith }: Resource): NamedType {
  return { ...type, group: storedWith?.group ?? type.group };
}

/** What a client is to be warned of in an object that was taken; `old` is there when the object took its place. */
export function warningsOf(resource: Resource, object: KubeObject, old?: KubeObject): string[] {
  return [...(rulesOf(resource.type).warnings?.(object, old) ?? [])];
}

/** The fields that a field selector may name, with their values for one object. */
export function selectableFields(
  resource: Resource,
  object: KubeObject,
): Readonly<Record<string, string | undefined>> {
  const { name, namespace } = object.metadata;
  return { ...resource.selectableFields?.(object), "metadata.name": name, "metadata.namespace": namespace };
}

/** A stored object as a type shows it that has a shape of its own; itself for all others. */
export function shownIn({ type }: Resource, stored: StoredObject): StoredObject {
  const { convert, apiVersion } = type;
  if (type.read !== undefined) return readIn(type, stored);
  if (convert === undefined || stored.object.apiVersion === apiVersion) return stored;
  const known = converted.get(stored);
  if (known !== undefined) return known;
  // A kind has two shapes at most, so one memory is enough.
  const shown = new StoredObject(
    stored.key,
    stored.revision,
    convert(stored.object, apiVersion) as unknown as KubeObject,
  );
  converted.set(stored, shown);
  return shown;
}

const converted = new WeakMap<StoredObject, StoredObject>();

/** What is read of a custom object follows from the schema of its kind, which may have changed: a type is made anew then. */
function readIn(type: ServedType, stored: StoredObject): StoredObject {
  const known = readObjects.get(type)?.get(stored);
  if (known !== undefined) return known;
  if (needsWebhook(type, stored))
    throw new Error(`${stored.key} was not converted into ${type.apiVersion} before it is shown`);
  return rememberRead(type, stored, stored.object);
}

/** Whether an object can be shown without asking the webhook that converts its kind. */
export function isShowable({ type }: Resource, stored: StoredObject): boolean {
  return !needsWebhook(type, stored) || readObjects.get(type)?.has(stored) === true;
}

/** Notes down how a webhook has converted an object into the version of a type. */
export function rememberConverted(type: ServedType, stored: StoredObject, converted: KubeObject): void {
  rememberRead(type, stored, converted);
}

function needsWebhook({ conversionWebhook, apiVersion }: ServedType, { object }: StoredObject): boolean {
  return conversionWebhook !== undefined && object.apiVersion !== apiVersion;
}

function rememberRead(type: ServedType, stored: StoredObject, source: KubeObject): StoredObject {
  const ofType = readObjects.get(type) ?? new WeakMap<StoredObject, StoredObject>();
  readObjects.set(type, ofType);
  const object = type.read?.(source) ?? source;
  const shown =
    object === stored.object ? stored : new StoredObject(stored.key, stored.revision, object as KubeObject);
  ofType.set(stored, shown);
  return shown;
}

const readObjects = new WeakMap<ServedType, WeakMap<StoredObject, StoredObject>>();

/** The object that a write starts from: a custom object as it is read, any other as it is stored. */
export function startOf(resource: Resource, stored: StoredObject): KubeObject {
  return resource.type.read === undefined ? stored.object : shownIn(resource, stored).object;
}
