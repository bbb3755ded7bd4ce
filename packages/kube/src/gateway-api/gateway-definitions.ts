import type { CustomResourceDefinition, PrinterColumn } from "../custom-kinds/custom-resource-definition.ts";
import type { JSONSchemaProps } from "../custom-kinds/json-schema-props.ts";
import { groupOf } from "../kinds/group-of.ts";
import type { KubeObject } from "../object.ts";
import { gatewayGroup, gatewayTypes } from "./gateway-objects.ts";
import {
  fields,
  grpcRouteSpec,
  hostname,
  httpRouteSpec,
  listOf,
  oneOf,
  port,
  reference,
  text,
} from "./route-schemas.ts";

/**
 * The definition of a kind of the Gateway API that our edge serves; undefined for any other. On a real cluster its
 * administrator installs them, with schemas that say more. These hold the fields, their types and their defaults.
 */
export function gatewayDefinitionOf({
  apiVersion,
  kind,
}: Pick<KubeObject, "apiVersion" | "kind">): CustomResourceDefinition | undefined {
  if (groupOf(apiVersion) !== gatewayGroup) return undefined;
  return gatewayDefinitions.find(({ spec }) => spec.names.kind === kind);
}

const open = { "x-kubernetes-preserve-unknown-fields": true };
const selector: JSONSchemaProps = { type: "object", ...open };
const listener = fields(
  {
    name: { type: "string", minLength: 1, maxLength: 253 },
    hostname,
    port,
    protocol: { type: "string", minLength: 1, maxLength: 255 },
    tls: {
      ...fields({
        mode: oneOf(["Terminate", "Passthrough"], "Terminate"),
        certificateRefs: listOf(reference("", "Secret"), 64),
        options: { type: "object", additionalProperties: text },
      }),
      ...open,
    },
    allowedRoutes: {
      ...fields({
        namespaces: {
          ...fields({ from: oneOf(["All", "Selector", "Same", "None"], "Same"), selector }),
          default: { from: "Same" },
        },
        kinds: listOf(fields({ group: { ...text, default: gatewayGroup }, kind: text }, ["kind"]), 8),
      }),
      default: { namespaces: { from: "Same" } },
    },
  },
  ["name", "port", "protocol"],
);
const gatewaySpec: JSONSchemaProps = {
  ...fields(
    {
      gatewayClassName: { type: "string", minLength: 1, maxLength: 253 },
      listeners: listOf(listener, 64, {
        minItems: 1,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
      }),
    },
    ["gatewayClassName", "listeners"],
  ),
  ...open,
};
const grantSpec = fields(
  {
    from: listOf(fields({ group: text, kind: text, namespace: text }, ["group", "kind", "namespace"]), 16),
    to: listOf(fields({ group: text, kind: text, name: text }, ["group", "kind"]), 16),
  },
  ["from", "to"],
);
const classSpec: JSONSchemaProps = {
  ...fields({ controllerName: { type: "string", minLength: 1, maxLength: 253 }, description: text }, [
    "controllerName",
  ]),
  ...open,
};
const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const hostnames: PrinterColumn = { name: "Hostnames", type: "string", jsonPath: ".spec.hostnames" };

const gatewayDefinitions: readonly CustomResourceDefinition[] = [
  define("gatewayclasses", "gc", ["v1", "v1beta1"], classSpec, [
    { name: "Controller", type: "string", jsonPath: ".spec.controllerName" },
    conditionColumn("Accepted"),
    age,
  ]),
  define("gateways", "gtw", ["v1", "v1beta1"], gatewaySpec, [
    { name: "Class", type: "string", jsonPath: ".spec.gatewayClassName" },
    { name: "Address", type: "string", jsonPath: ".status.addresses[*].value" },
    conditionColumn("Programmed"),
    age,
  ]),
  define("httproutes", undefined, ["v1", "v1beta1"], httpRouteSpec, [hostnames, age]),
  define("grpcroutes", undefined, ["v1"], grpcRouteSpec, [hostnames, age]),
  define("referencegrants", "refgrant", ["v1beta1"], grantSpec, [age]),
];

function conditionColumn(type: string): PrinterColumn {
  return { name: type, type: "string", jsonPath: `.status.conditions[?(@.type=="${type}")].status` };
}

function define(
  plural: keyof typeof gatewayTypes,
  shortName: string | undefined,
  versions: readonly [stored: string, ...more: string[]],
  spec: JSONSchemaProps,
  columns: readonly PrinterColumn[],
): CustomResourceDefinition {
  const { kind, namespaced } = gatewayTypes[plural];
  const hasStatus = plural !== "referencegrants";
  const schema = fields(
    {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec,
      ...(hasStatus ? { status: { type: "object", ...open } } : {}),
    },
    ["spec"],
  );
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${gatewayGroup}`,
      // The API server asks for it, because the group is Kubernetes' own.
      annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api" },
    },
    spec: {
      group: gatewayGroup,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        categories: ["gateway-api"],
        ...(shortName === undefined ? {} : { shortNames: [shortName] }),
      },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: schema },
        ...(hasStatus ? { subresources: { status: {} } } : {}),
        additionalPrinterColumns: columns,
      })),
    },
  };
}
