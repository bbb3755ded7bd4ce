/** A ConfigMap. */
export function configMap(
  name: string,
  more: Readonly<Record<string, unknown>> = {},
  labels?: Record<string, string>,
) {
  const metadata = { name, ...(labels === undefined ? {} : { labels }) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, ...more };
}

/** A Deployment of one container that is asked for nothing. */
export function deployment(name: string, image: string, spec: Readonly<Record<string, unknown>> = {}) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "main", image }] },
      },
      ...spec,
    },
  };
}

/** A Service with one port. */
export function service(name: string, spec: Readonly<Record<string, unknown>> = {}) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80 }], ...spec },
  };
}

/** A pod that is never scheduled, so that nothing but its writers changes it. */
export function unscheduledPod(name: string, image: string, labels: Readonly<Record<string, string>> = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: { schedulerName: "nobody", containers: [{ name: "main", image }] },
  };
}

/** A CustomResourceDefinition of boats, which have a size, a color by default, a status and a scale. */
export function boats(group: string) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `boats.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "boats", singular: "boat", kind: "Boat", listKind: "BoatList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
          subresources: {
            status: {},
            scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.afloat" },
          },
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  properties: {
                    size: { type: "integer", maximum: 10 },
                    color: { type: "string", default: "red" },
                  },
                },
                status: { type: "object", properties: { afloat: { type: "integer" } } },
              },
            },
          },
        },
      ],
    },
  };
}
