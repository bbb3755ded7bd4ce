import {
  isConditionTrue,
  type CustomResourceDefinition,
} from "../../../custom-kinds/custom-resource-definition.ts";
import type { KubeObject } from "../../../object.ts";
import { invalidValue, type FieldErrors } from "../../field-error.ts";
import { dns1123Subdomain } from "../../meta/names.ts";
import { objectMetaErrors, objectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { approvalErrors } from "./validation/approval-errors.ts";
import { namesErrors } from "./validation/names-errors.ts";
import { specErrors } from "./validation/spec-errors.ts";

/**
 * What is refused in a CustomResourceDefinition.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apis/apiextensions/validation/validation.go
 */
export function* definitionErrors(object: KubeObject): FieldErrors {
  const definition = whole(object);
  const { spec } = definition;
  const required = `${spec.names.plural}.${spec.group}`;
  yield* objectMetaErrors(object, (name) => [
    ...dns1123Subdomain(name),
    ...(name === required ? [] : [`must be spec.names.plural+"."+spec.group`]),
  ]);
  yield* specErrors(spec, { isEstablished: false });
  yield* storedVersionsErrors(definition);
  yield* approvalErrors(definition, undefined);
  if (spec.preserveUnknownFields === true) yield preservesUnknown();
}

/** What is refused in a change of one. */
export function* definitionUpdateErrors(object: KubeObject, before: KubeObject): FieldErrors {
  const [definition, old] = [whole(object), before as CustomResourceDefinition];
  const { spec } = definition;
  yield* objectMetaUpdateErrors(object, before);
  yield* specErrors(spec, { isEstablished: isConditionTrue(old, "Established"), old: old.spec });
  if (isConditionTrue(old, "Established")) {
    yield* immutable("spec.scope", spec.scope, old.spec.scope);
    yield* immutable("spec.names.kind", spec.names.kind, old.spec.names.kind);
  }
  yield* immutable("spec.group", spec.group, old.spec.group);
  yield* immutable("spec.names.plural", spec.names.plural, old.spec.names.plural);
  yield* definitionStatusErrors(object);
  yield* storedVersionsErrors(definition);
  yield* approvalErrors(definition, old);
  if (spec.preserveUnknownFields === true && old.spec.preserveUnknownFields !== true)
    yield preservesUnknown();
}

/** A definition in which what is absent is empty, as it is in Go. */
function whole(object: KubeObject): CustomResourceDefinition {
  const { spec } = object as Partial<CustomResourceDefinition>;
  const { group = "", scope = "", versions = [], names } = spec ?? {};
  const named = { plural: "", kind: "", ...names };
  return {
    ...object,
    spec: {
      ...spec,
      group,
      scope,
      names: named,
      versions: versions.map((version) => ({ ...emptyVersion, ...version })),
    },
  };
}

const emptyVersion = { name: "", served: false, storage: false };

/** What is refused in its status. */
export function* definitionStatusErrors(object: KubeObject): FieldErrors {
  const names = (object as CustomResourceDefinition).status?.acceptedNames;
  if (names !== undefined) yield* namesErrors("status.acceptedNames", names);
}

/** Versions in which objects may still be stored have to stay (ValidateCustomResourceDefinitionStoredVersions). */
function* storedVersionsErrors({ spec, status }: CustomResourceDefinition): FieldErrors {
  const field = "status.storedVersions";
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) {
    // A definition without a version to store in is refused for that.
    yield invalidValue(field, null, "must have at least one stored version");
    return;
  }
  for (const { name, storage } of spec.versions)
    if (storage && !stored.includes(name))
      yield invalidValue(field, stored, `must have the storage version ${name}`);
  for (const [index, name] of stored.entries())
    if (!spec.versions.some((version) => version.name === name))
      yield invalidValue(
        `${field}[${index}]`,
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      );
}

function* immutable(field: string, value: string, old: string): FieldErrors {
  if (value !== old) yield invalidValue(field, value, "field is immutable");
}

function preservesUnknown() {
  return invalidValue(
    "spec.preserveUnknownFields",
    true,
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
  );
}
