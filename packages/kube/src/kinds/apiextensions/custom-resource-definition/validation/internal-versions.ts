import type { CustomResourceDefinitionVersion } from "../../../../custom-kinds/custom-resource-definition.ts";
import type { SharedPart } from "./spec-errors.ts";

/** Versions as Kubernetes shows them in a refusal: its own type of them, without what all versions share. */
export function internalVersions(
  versions: readonly CustomResourceDefinitionVersion[],
  shared: ReadonlySet<SharedPart>,
): unknown {
  const unless = (part: SharedPart, value: unknown) => (shared.has(part) ? null : (value ?? null));
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: unless("schema", version.schema),
    Subresources: unless("subresources", version.subresources),
    AdditionalPrinterColumns: unless("additionalPrinterColumns", version.additionalPrinterColumns),
    SelectableFields: unless("selectableFields", version.selectableFields),
  }));
}
