import * as fc from "fast-check";
import type { KubeObject } from "../../object.ts";
import type { JsonObject } from "../../patch/json-value.ts";
import { FieldSet } from "../field-set/field-set.ts";
import { fieldElement } from "../field-set/path-element.ts";
import type { OwnershipRules } from "../ownership-rules.ts";
import { openApiMergeType } from "../typed/open-api-merge-type.ts";

/** A schema with every way in which values merge. */
export const widgetSchema: JsonObject = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer" },
        labels: { type: "object", additionalProperties: { type: "string" } },
        place: {
          type: "object",
          "x-kubernetes-map-type": "atomic",
          additionalProperties: { type: "integer" },
        },
        colors: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
        steps: { type: "array", items: { type: "string" } },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            properties: {
              name: { type: "string" },
              weight: { type: "integer" },
              notes: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
            },
          },
        },
        extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
    status: { type: "object", properties: { phase: { type: "string" } } },
  },
};

export const widgetType = openApiMergeType(widgetSchema);

/** The rules of that kind, which has two versions. */
export const widgetRules: OwnershipRules = {
  apiVersion: "toys.example/v1",
  kind: "Widget",
  subresource: "",
  resetFields: FieldSet.of([[fieldElement("status")]]),
  typeOf: (version) => (/^toys\.example\/v[12]$/.test(version) ? widgetType : undefined),
};

/** A Widget with this spec. */
export function widget(spec?: unknown, metadata: Partial<KubeObject["metadata"]> = {}): KubeObject {
  return {
    apiVersion: "toys.example/v1",
    kind: "Widget",
    metadata: { name: "w", ...metadata },
    ...(spec === undefined ? {} : { spec }),
  };
}

const name = fc.constantFrom("a", "b", "c", "<&>", 'q"');
const part = fc.record(
  { name, weight: fc.integer(), notes: fc.uniqueArray(name) },
  { requiredKeys: ["name"] },
);

/** Specs of Widgets. */
export const anySpec: fc.Arbitrary<JsonObject> = fc.record(
  {
    size: fc.integer(),
    labels: fc.dictionary(name, name),
    place: fc.dictionary(name, fc.integer()),
    colors: fc.uniqueArray(name),
    steps: fc.array(name),
    parts: fc.uniqueArray(part, { selector: (item) => item.name }),
    extra: fc.dictionary(name, fc.oneof(fc.integer(), fc.dictionary(name, name), fc.array(name))),
  },
  { requiredKeys: [] },
);
