import { deepEqual, timestamp, validateCreate, type KubeObject } from "@seaworthy/kube";
import type { WriteOptions } from "./write-options.ts";
import type { ApiContext } from "../api-context.ts";
import { asStored } from "../conversion/as-stored.ts";
import { beginAdmission } from "../admission/begin-admission.ts";
import { admitLimits } from "../admission/limit-bounds.ts";
import { admitNamespace } from "../admission/namespace-life-cycle.ts";
import { admitQuota } from "../admission/resource-quota.ts";
import { keyOf, refusedKind, type Resource } from "../resource.ts";
import {
  alreadyExists,
  forbidden,
  generatedNameTaken,
  refuseInvalid,
  StatusError,
} from "../http/status-error.ts";
import { StoredObject } from "../store/stored-object.ts";
import { matchNamespace } from "./check-identity.ts";
import {
  asShown,
  attributesOfObject,
  mutateDraft,
  type AdmittedOptions,
} from "./admitted/object-attributes.ts";

/** Creates an object from a decoded draft, which belongs to this function, when all who are asked agree. */
export async function createObject(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  draft: KubeObject,
  options: AdmittedOptions,
): Promise<StoredObject> {
  matchNamespace(draft.metadata, namespace);
  const { resourceVersion = "" } = draft.metadata;
  if (namespace !== undefined) admitNamespace(context, resource, namespace, draft.metadata.name);
  if (resource.forbidsCreation !== undefined)
    throw forbidden(resource.type, draft.metadata.name, resource.forbidsCreation);
  resource.admitCreate?.(draft, context);
  const target = {
    operation: "CREATE",
    subresource: "",
    namespace,
    name: draft.metadata.name ?? "",
  } as const;
  const admission = beginAdmission(context, attributesOfObject(context, resource, options, target));
  const admitted = admission === undefined ? draft : await mutateDraft(admission, resource, draft, undefined);
  matchNamespace(admitted.metadata, namespace);
  prepareNew(context, resource, namespace, admitted);
  if (admission !== undefined) {
    await admission.validate(asShown(resource, admitted), undefined);
    options.warnings.push(...admission.warnings);
    // What it was given may have been given to others meanwhile.
    const again = resource.prepareCreate?.(structuredClone(admitted), context) ?? [];
    refuseInvalid(refusedKind(resource), admitted.metadata.name, again);
  }
  const storing = asStored(context, resource, admitted);
  const storable = storing === undefined ? admitted : await storing;
  return storeNew(context, resource, admitted, { ...options, resourceVersion }, storable);
}

/** Makes the draft what would be stored, or refuses it. */
function prepareNew(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  draft: KubeObject,
): void {
  stampNewMetadata(context, resource, namespace, draft);
  if (resource.status === "isolated") beginStatus(resource, draft);
  const name = draft.metadata.name ?? "";
  const refused = refusedKind(resource);
  refuseInvalid(refused, name, resource.prepareCreate?.(draft, context) ?? []);
  refuseInvalid(refused, name, validateCreate(draft, resource.type));
  admitLimits(context, resource, draft);
}

/** All of it is one turn of the event loop, so that no two objects share what a quota allows. */
function storeNew(
  context: ApiContext,
  resource: Resource,
  draft: KubeObject,
  options: WriteOptions & { readonly resourceVersion: string },
  storable: KubeObject,
): StoredObject {
  const charge = admitQuota(context, resource, draft);
  storable.apiVersion = resource.storedAs;
  const { name, namespace, generateName = "" } = draft.metadata;
  const key = keyOf(namespace, name ?? "");
  if (context.store.get(resource.collection, key) !== undefined)
    throw generateName === "" ? alreadyExists(resource.type, name) : generatedNameTaken(resource.type, name);
  // It is the storage of Kubernetes that finds it, which knows no codes.
  if (options.resourceVersion !== "")
    throw new StatusError(500, "", "resourceVersion should not be set on objects to be created");
  if (options.dryRun) return new StoredObject(key, 0, storable);
  charge();
  return context.store.put(resource.collection, key, storable);
}

function beginStatus({ newStatus }: Resource, draft: KubeObject): void {
  if (newStatus === undefined) delete draft["status"];
  else draft["status"] = structuredClone(newStatus);
}

/** FillObjectMetaSystemFields, and a name if one has to be made. */
function stampNewMetadata(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  draft: KubeObject,
): void {
  const { metadata } = draft;
  if ((metadata.name ?? "") === "" && (metadata.generateName ?? "") !== "") {
    metadata.name = generateName(context, resource, namespace, metadata.generateName ?? "");
  }
  for (const field of systemFields) delete metadata[field];
  metadata.uid = generateUid(context.random);
  metadata.creationTimestamp = timestamp(context.clock.now());
  if (resource.generationInputs === undefined) delete metadata.generation;
  else metadata.generation = 1;
  tidyMetadata(draft);
}

const systemFields = [
  "resourceVersion",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
] as const;

/** Kubernetes omits maps and lists of the metadata that are empty, and owners that are named twice. */
export function tidyMetadata({ metadata }: KubeObject): void {
  const { ownerReferences: owners } = metadata;
  if (owners !== undefined && owners.length > 1)
    metadata.ownerReferences = owners.filter(
      (owner, index) => !owners.slice(0, index).some((earlier) => deepEqual(earlier, owner)),
    );
  for (const field of ["labels", "annotations", "finalizers", "ownerReferences"] as const) {
    const value = metadata[field];
    if (value !== undefined && Object.keys(value).length === 0) delete metadata[field];
  }
}

/** https://github.com/kubernetes/apiserver/blob/master/pkg/storage/names/generate.go */
function generateName(
  { store, random }: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  base: string,
): string {
  let name = "";
  for (let tries = 0; tries < 8; tries += 1) {
    name = base.slice(0, 58) + nameSuffix(random);
    if (store.get(resource.collection, keyOf(namespace, name)) === undefined) break;
  }
  return name;
}

/** Five letters that make a generated name differ from others, and no word. */
export function nameSuffix(random: () => number): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/** A version 4 UUID out of the cluster's own randomness, so that a seed fixes it. */
export function generateUid(random: () => number): string {
  let uid = "";
  for (let index = 0; index < 16; index += 1) {
    let byte = Math.floor(random() * 256);
    if (index === 6) byte = (byte & 0x0f) | 0x40;
    if (index === 8) byte = (byte & 0x3f) | 0x80;
    uid += index === 4 || index === 6 || index === 8 || index === 10 ? `-${hex[byte]!}` : hex[byte]!;
  }
  return uid;
}

/** Bytes as two digits each. */
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
