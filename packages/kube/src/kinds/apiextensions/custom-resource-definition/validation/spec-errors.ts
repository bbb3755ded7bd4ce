import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "../../../../custom-kinds/custom-resource-definition.ts";
import { deepEqual } from "../../../../deep-equal.ts";
import { invalidValue, requiredValue, unsupportedText, type FieldErrors } from "../../../field-error.ts";
import { dns1035Label, dns1123Subdomain } from "../../../meta/names.ts";
import { conversionErrors } from "./conversion-errors.ts";
import { internalVersions } from "./internal-versions.ts";
import { namesErrors, requiredNamesErrors } from "./names-errors.ts";
import { schemaDefinitionErrors } from "./schema-definition-errors.ts";
import { columnErrors, deprecationErrors, scaleErrors, selectableFieldsErrors } from "./version-errors.ts";

/** What is known of the definition that a change starts from. */
export interface SpecContext {
  readonly isEstablished: boolean;
  readonly old?: CustomResourceDefinitionSpec;
}

/** What is wrong with the spec of a definition (validateCustomResourceDefinitionSpec). */
export function* specErrors(spec: CustomResourceDefinitionSpec, context: SpecContext): FieldErrors {
  const { group, names, versions } = spec;
  if (group === "") yield requiredValue("spec.group");
  else if (dns1123Subdomain(group).length > 0)
    yield invalidValue("spec.group", group, dns1123Subdomain(group).join(","));
  else if (!group.includes("."))
    yield invalidValue("spec.group", group, "should be a domain with at least one dot");
  if (spec.scope === "") yield requiredValue("spec.scope");
  else if (spec.scope !== "Cluster" && spec.scope !== "Namespaced")
    yield unsupportedText("spec.scope", spec.scope, ["Cluster", "Namespaced"]);

  // What all versions have alike Kubernetes keeps once, outside of the versions, and names it there.
  const shared = sharedParts(versions);
  if (!shared.has("schema") || versions[0]?.schema?.openAPIV3Schema === undefined)
    for (const [index, { schema }] of versions.entries())
      if (schema?.openAPIV3Schema === undefined)
        yield requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`);
  for (const [index, version] of versions.entries())
    yield* versionErrors(version, `spec.versions[${index}]`, shared, context);

  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    yield invalidValue(
      "spec.versions",
      internalVersions(versions, shared),
      "must contain unique version names",
    );
  if (versions.filter(({ storage }) => storage).length !== 1)
    yield invalidValue(
      "spec.versions",
      internalVersions(versions, shared),
      "must have exactly one version marked as storage version",
    );
  if (versions[0] !== undefined && dns1035Label(versions[0].name).length > 0)
    yield invalidValue("spec.version", versions[0].name, dns1035Label(versions[0].name).join(","));
  yield* requiredNamesErrors("spec.names", names);
  yield* namesErrors("spec.names", names);
  yield* sharedErrors(versions, shared, context);
  yield* conversionErrors(spec.conversion);
}

/** What may be said of each version, or once for all. */
export type SharedPart = "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields";

const parts: readonly SharedPart[] = [
  "schema",
  "subresources",
  "additionalPrinterColumns",
  "selectableFields",
];

function sharedParts(versions: readonly CustomResourceDefinitionVersion[]): ReadonlySet<SharedPart> {
  return new Set(
    parts.filter((part) => versions.every((version) => deepEqual(version[part], versions[0]?.[part]))),
  );
}

function* versionErrors(
  version: CustomResourceDefinitionVersion,
  field: string,
  shared: ReadonlySet<SharedPart>,
  context: SpecContext,
): FieldErrors {
  const reasons = dns1035Label(version.name);
  if (reasons.length > 0) yield invalidValue(`${field}.name`, version.name, reasons.join(","));
  const { deprecated = false, deprecationWarning, subresources, additionalPrinterColumns = [] } = version;
  yield* deprecationErrors(`${field}.deprecationWarning`, deprecated, deprecationWarning);
  if (!shared.has("schema")) yield* schemaDefinitionErrors(`${field}.schema`, version, context);
  if (!shared.has("subresources")) yield* scaleErrors(`${field}.subresources`, subresources?.scale);
  if (!shared.has("additionalPrinterColumns"))
    for (const [index, column] of additionalPrinterColumns.entries())
      yield* columnErrors(`${field}.additionalPrinterColumns[${index}]`, column);
  if (!shared.has("selectableFields"))
    yield* ownSelectableFieldsErrors(`${field}.selectableFields`, version, shared);
}

/** Where the schema is kept once and the fields are not, Kubernetes does not find the schema. */
function* ownSelectableFieldsErrors(
  field: string,
  version: CustomResourceDefinitionVersion,
  shared: ReadonlySet<SharedPart>,
): FieldErrors {
  const { selectableFields = [], schema } = version;
  if (selectableFields.length === 0) return;
  if (shared.has("schema") || schema?.openAPIV3Schema === undefined)
    yield invalidValue(field, "", "may only be set when `version.schema.openAPIV3Schema` is not included");
  else yield* selectableFieldsErrors(field, selectableFields, schema.openAPIV3Schema);
}

function* sharedErrors(
  [version]: readonly CustomResourceDefinitionVersion[],
  shared: ReadonlySet<SharedPart>,
  context: SpecContext,
): FieldErrors {
  if (version === undefined) return;
  const { subresources, additionalPrinterColumns = [], selectableFields = [], schema } = version;
  if (shared.has("schema")) yield* schemaDefinitionErrors("spec.validation", version, context);
  if (shared.has("subresources")) yield* scaleErrors("spec.subresources", subresources?.scale);
  if (shared.has("additionalPrinterColumns"))
    for (const [index, column] of additionalPrinterColumns.entries())
      yield* columnErrors(`spec.additionalPrinterColumns[${index}]`, column);
  if (!shared.has("selectableFields") || selectableFields.length === 0) return;
  if (!shared.has("schema") || schema?.openAPIV3Schema === undefined)
    yield invalidValue("spec.selectableFields", "", "may only be set when validations.schema is included");
  else yield* selectableFieldsErrors("spec.selectableFields", selectableFields, schema.openAPIV3Schema);
}
