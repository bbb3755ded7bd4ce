/** The schema of the custom kind of the scenarios, `Widget` of `apply.example.com/v1`. */
export const widgetSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer" },
        port: { "x-kubernetes-int-or-string": true },
        colors: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
        steps: { type: "array", items: { type: "string" } },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name", "side"],
          items: {
            type: "object",
            required: ["name"],
            properties: {
              name: { type: "string" },
              side: { type: "string", default: "left" },
              weight: { type: "integer" },
            },
          },
        },
        labels: { type: "object", additionalProperties: { type: "string" } },
        place: {
          type: "object",
          "x-kubernetes-map-type": "atomic",
          properties: { x: { type: "integer" }, y: { type: "integer" } },
        },
        extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
    status: {
      type: "object",
      properties: {
        replicas: { type: "integer" },
        phase: { type: "string" },
      },
    },
  },
} as const;

/** The CustomResourceDefinition of the kind. */
export const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.apply.example.com" },
  spec: {
    group: "apply.example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    versions: ["v1", "v1alpha1"].map((name) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: { openAPIV3Schema: widgetSchema },
      subresources: { status: {} },
    })),
  },
} as const;
