import { groupOf } from "../kinds/group-of.ts";
import type { Condition, KubeObject } from "../object.ts";
import type { JSONSchemaProps } from "./json-schema-props.ts";

/**
 * A CustomResourceDefinition, `apiextensions.k8s.io/v1`
 * (k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/types.go).
 */
export interface CustomResourceDefinition extends KubeObject {
  spec: CustomResourceDefinitionSpec;
  status?: CustomResourceDefinitionStatus;
}

/** What a definition asks for. */
export interface CustomResourceDefinitionSpec {
  readonly group: string;
  readonly names: CustomResourceDefinitionNames;
  readonly scope: string;
  readonly versions: readonly CustomResourceDefinitionVersion[];
  readonly conversion?: CustomResourceConversion;
  readonly preserveUnknownFields?: boolean;
}

/** What a kind is called. */
export interface CustomResourceDefinitionNames {
  readonly plural: string;
  readonly kind: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** One version of a kind. */
export interface CustomResourceDefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JSONSchemaProps };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

/** Where the fields of a Scale are in the object. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** A column that `kubectl get` shows. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** How an object of one version becomes one of another. */
export interface CustomResourceConversion {
  readonly strategy: string;
  readonly webhook?: ConversionWebhook;
}

/** Who converts objects, and which reviews he reads. */
export interface ConversionWebhook {
  readonly clientConfig?: {
    readonly url?: string;
    readonly caBundle?: string;
    readonly service?: {
      readonly name?: string;
      readonly namespace?: string;
      readonly path?: string;
      readonly port?: number;
    };
  };
  readonly conversionReviewVersions?: readonly string[];
}

/** What the API server made of a definition. */
export interface CustomResourceDefinitionStatus {
  acceptedNames?: CustomResourceDefinitionNames;
  conditions?: Condition[] | null;
  storedVersions?: string[];
}

/** Whether an object is a definition of another one's kind, in whatever version. */
export function definesKind(
  definition: KubeObject,
  { apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">,
): boolean {
  if (
    definition.kind !== "CustomResourceDefinition" ||
    groupOf(definition.apiVersion) !== "apiextensions.k8s.io"
  )
    return false;
  const { spec } = definition as Partial<CustomResourceDefinition>;
  return spec?.group === groupOf(apiVersion) && spec.names?.kind === kind;
}

/** Whether a condition of an object, a definition for example, is true. */
export function isConditionTrue(
  { status }: { readonly status?: { readonly conditions?: readonly Condition[] | null } | undefined },
  type: string,
): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === "True",
  );
}
