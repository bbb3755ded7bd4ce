import type { Kind, KindTraits, Storage } from "../kinds/kind.ts";
import { compareVersions } from "../kinds/compare-versions.ts";
import { deepEqual } from "../deep-equal.ts";
import type { JsonObject } from "../patch/json-value.ts";
import {
  customObjectErrors,
  customObjectUpdateErrors,
  customStatusErrors,
  finalizerWarnings,
} from "./custom-object-errors.ts";
import {
  isConditionTrue,
  type CustomResourceDefinition,
  type CustomResourceDefinitionVersion,
} from "./custom-resource-definition.ts";
import type { JSONSchemaProps } from "./json-schema-props.ts";
import { printerColumns } from "./printer-columns.ts";
import { readEmbeddedResources, readMetadata } from "./embedded-resources.ts";
import { prune } from "./prune.ts";
import { valueAtPath } from "./scale-paths.ts";
import { dropForbiddenNulls, fillInDefaults } from "./schema-defaults.ts";

/**
 * The kind that a CustomResourceDefinition defines, by the names that were accepted, in the versions that it serves
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/customresource_handler.go).
 */
export function customKind(definition: CustomResourceDefinition): Kind {
  const { spec, status } = definition;
  const names = status?.acceptedNames ?? spec.names;
  const served = spec.versions
    .filter((version) => version.served)
    .toSorted((left, right) => compareVersions(left.name, right.name));
  const schemas = new Map(
    spec.versions.map((version) => [`${spec.group}/${version.name}`, schemaOf(version)]),
  );
  const stored = spec.versions.find(({ storage }) => storage)?.name;
  return {
    group: spec.group,
    versions: served.map(({ name }) => name),
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    listKind: names.listKind ?? `${names.kind}List`,
    namespaced: spec.scope === "Namespaced",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    ...(stored === undefined ? {} : { storedVersion: stored }),
    versionTraits: Object.fromEntries(
      served.map((version) => [version.name, versionTraits(definition, version, schemas)]),
    ),
  };
}

function versionTraits(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  schemas: ReadonlyMap<string, JSONSchemaProps | undefined>,
): KindTraits {
  const schema = schemaOf(version);
  const { strategy, webhook } = definition.spec.conversion ?? {};
  const rules = { schema, scale: version.subresources?.scale };
  return {
    ...(schema === undefined ? {} : { openAPIV3Schema: schema as JsonObject }),
    ...(strategy === "Webhook" && webhook !== undefined ? { conversionWebhook: webhook } : {}),
    isCustom: true,
    storage: storageOf(definition, version),
    columns: printerColumns(version.additionalPrinterColumns ?? []),
    prune: (object) => pruneObject(object, schema),
    defaults: (object) => fillInDefaults(object, schema),
    read: (object) => readStored(object, schemas, schema),
    createErrors: (object) => customObjectErrors(object, rules),
    updateErrors: (object, old) => customObjectUpdateErrors(object, old, rules),
    statusErrors: (object, old) => customStatusErrors(object, old, rules),
    warnings: finalizerWarnings,
  };
}

function schemaOf({ schema }: CustomResourceDefinitionVersion): JSONSchemaProps | undefined {
  return schema?.openAPIV3Schema;
}

function storageOf(definition: CustomResourceDefinition, version: CustomResourceDefinitionVersion): Storage {
  const hasStatus = version.subresources?.status !== undefined;
  const fields = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath);
  return {
    status: hasStatus ? "isolated" : "none",
    statusKeepsMetadata: true,
    unconditionalUpdate: false,
    generationInputs: ({ apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest }) => rest,
    ...(version.subresources?.scale === undefined
      ? {}
      : { hasScale: true, scalePaths: version.subresources.scale }),
    ...(version.deprecated === true ? { deprecation: deprecationOf(definition, version) } : {}),
    ...(isConditionTrue(definition, "Terminating")
      ? { forbidsCreation: "create not allowed while custom resource definition is terminating" }
      : {}),
    ...(fields.length === 0
      ? {}
      : {
          selectableFields: (object) =>
            Object.fromEntries(fields.map((path) => [path.slice(1), textOf(valueAtPath(object, path))])),
        }),
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/** The warning of the definition, or one that names the newest version that is not deprecated. */
function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecationWarning }: CustomResourceDefinitionVersion,
): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const newer = spec.versions
    .filter(
      (version) => version.served && version.deprecated !== true && compareVersions(version.name, name) < 0,
    )
    .toSorted((left, right) => compareVersions(left.name, right.name));
  const instead = newer[0] === undefined ? "" : `; use ${spec.group}/${newer[0].name} ${spec.names.kind}`;
  return `${spec.group}/${name} ${spec.names.kind} is deprecated${instead}`;
}

/** What json.Unmarshal does for Kubernetes' own types (unstructuredSchemaCoercer). */
function pruneObject(
  object: JsonObject,
  schema: JSONSchemaProps | undefined,
): { readonly unknown: readonly string[]; readonly wrong: string | undefined } {
  const metadata = readMetadata(object);
  const unknown = prune(object, schema);
  dropForbiddenNulls(object, schema);
  const embedded = readEmbeddedResources(object, schema);
  const { wrong } = embedded;
  return {
    unknown: [...metadata.unknown, ...unknown, ...embedded.unknown],
    wrong: metadata.wrong ?? (wrong === undefined ? undefined : `${wrong.field}: ${wrong.message}`),
  };
}

/**
 * A stored object as one version shows it today: what its own version has no field for any more is taken out, defaults
 * that have come since are filled in, and then what the shown version does not know goes. Conversion by the strategy
 * None changes nothing but the apiVersion.
 */
function readStored(
  stored: JsonObject,
  schemas: ReadonlyMap<string, JSONSchemaProps | undefined>,
  shown: JSONSchemaProps | undefined,
): JsonObject {
  const object = structuredClone(stored);
  const own = schemas.get(String(stored["apiVersion"])) ?? shown;
  prune(object, own);
  dropForbiddenNulls(object, own);
  fillInDefaults(object, own);
  if (own !== shown) {
    prune(object, shown);
    dropForbiddenNulls(object, shown);
  }
  return deepEqual(object, stored) ? stored : object;
}
