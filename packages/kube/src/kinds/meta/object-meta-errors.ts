import type { KubeObject, ObjectMeta, OwnerReference, TemplateMeta } from "../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelErrors } from "./label-errors.ts";
import {
  asPrefix,
  byteLength,
  dns1123Label,
  dns1123Subdomain,
  pathSegmentName,
  qualifiedName,
  type NameCheck,
} from "./names.ts";

/**
 * What is wrong with the metadata of an object.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/validation/objectmeta.go
 */
export function* objectMetaErrors(object: KubeObject, checkName: NameCheck = dns1123Subdomain): FieldErrors {
  const { metadata } = object;
  const { generateName = "", name = "" } = metadata;
  if (generateName !== "")
    yield* invalidBecause("metadata.generateName", generateName, asPrefix(checkName)(generateName));
  if (name === "") yield requiredValue("metadata.name", "name or generateName is required");
  else yield* invalidBecause("metadata.name", name, checkName(name));
  if (metadata.namespace !== undefined)
    yield* invalidBecause("metadata.namespace", metadata.namespace, dns1123Label(metadata.namespace));
  yield* mapErrors(metadata);
  yield* finalizerErrors(metadata.finalizers ?? []);
}

/** The same for the kinds of the groups core, apps and networking, whose finalizers have a domain. */
export function* coreObjectMetaErrors(object: KubeObject, checkName?: NameCheck): FieldErrors {
  yield* objectMetaErrors(object, checkName);
  yield* shortFinalizerErrors(object.metadata.finalizers ?? []);
}

/** What is wrong with a change of metadata. */
export function* objectMetaUpdateErrors(
  { metadata }: KubeObject,
  { metadata: old }: KubeObject,
): FieldErrors {
  if (old.deletionTimestamp !== undefined) yield* newFinalizerErrors(metadata, old);
  yield* mapErrors(metadata);
}

/** The same for the kinds of the groups core, apps and networking. */
export function* coreObjectMetaUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* objectMetaUpdateErrors(object, old);
  yield* shortFinalizerErrors(object.metadata.finalizers ?? []);
}

/** What the registry checks on every update before it asks for the kind's own rules (validateCommonFields). */
export function* commonUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* objectMetaErrors(object, pathSegmentName);
  yield* objectMetaUpdateErrors(object, old);
}

const mostAnnotationBytes = 256 * 1024;

/** What is wrong with annotations: their keys, and their size together. */
export function* annotationErrors(
  field: string,
  annotations: Readonly<Record<string, string>> | undefined,
): FieldErrors {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    yield* invalidBecause(field, key, qualifiedName(key.toLowerCase()));
    size += byteLength(key) + byteLength(value);
  }
  if (size > mostAnnotationBytes) yield tooLongValue(field, mostAnnotationBytes);
}

/** What is wrong with the metadata of a template of claims, which has labels and annotations and nothing else. */
export function* templateMetaErrors(field: string, metadata: TemplateMeta | undefined): FieldErrors {
  const { annotations, labels, ...others } = metadata ?? {};
  yield* annotationErrors(`${field}.annotations`, annotations);
  yield* labelErrors(`${field}.labels`, labels);
  for (const [name, value] of Object.entries(others))
    if (value !== undefined && value !== "") yield forbiddenValue(`${field}.${name}`, "cannot be set");
}

/** What is wrong with a finalizer that has no domain: only a few of those are known. */
export function* shortFinalizerError(field: string, finalizer: string): FieldErrors {
  if (finalizer.includes("/") || knownFinalizers.has(finalizer)) return;
  yield invalidValue(field, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
}

const knownFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function* shortFinalizerErrors(finalizers: readonly string[]): FieldErrors {
  for (const [index, finalizer] of finalizers.entries())
    yield* shortFinalizerError(`metadata.finalizers[${index}]`, finalizer);
}

function* mapErrors(metadata: ObjectMeta): FieldErrors {
  yield* labelErrors("metadata.labels", metadata.labels);
  yield* annotationErrors("metadata.annotations", metadata.annotations);
  yield* ownerErrors(metadata.ownerReferences ?? []);
}

function* ownerErrors(owners: readonly OwnerReference[]): FieldErrors {
  const field = "metadata.ownerReferences";
  let controller: string | undefined;
  for (const owner of owners) {
    const { apiVersion = "", kind = "", name = "", uid = "" } = owner as Partial<OwnerReference>;
    const version = apiVersion.split("/").at(-1) ?? "";
    if (version === "") yield invalidValue(`${field}.apiVersion`, apiVersion, "version must not be empty");
    if (kind === "") yield invalidValue(`${field}.kind`, kind, "must not be empty");
    if (name === "") yield invalidValue(`${field}.name`, name, "must not be empty");
    if (uid === "") yield invalidValue(`${field}.uid`, uid, "must not be empty");
    if (apiVersion === "v1" && kind === "Event")
      yield invalidValue(field, shownOwner(owner), "/v1, Kind=Event is disallowed from being an owner");
    if (owner.controller !== true) continue;
    const current = `${kind}/${name}`;
    if (controller !== undefined) {
      const found = `Found "true" in references for ${controller} and ${current}`;
      yield invalidValue(
        field,
        owners.map(shownOwner),
        `Only one reference can have Controller set to true. ${found}`,
      );
    } else {
      controller = current;
    }
  }
}

/** An owner as Go prints it. */
function shownOwner(owner: OwnerReference): unknown {
  const {
    apiVersion = "",
    kind = "",
    name = "",
    uid = "",
    controller,
    blockOwnerDeletion,
  } = owner as Partial<OwnerReference>;
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

function* finalizerErrors(finalizers: readonly string[]): FieldErrors {
  const field = "metadata.finalizers";
  for (const finalizer of finalizers) yield* invalidBecause(field, finalizer, qualifiedName(finalizer));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    yield invalidValue(field, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
}

function* newFinalizerErrors(metadata: ObjectMeta, old: ObjectMeta): FieldErrors {
  const before = new Set(old.finalizers);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return;
  const names = added
    .toSorted()
    .map((name) => JSON.stringify(name))
    .join(", ");
  yield forbiddenValue(
    "metadata.finalizers",
    `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`,
  );
}
