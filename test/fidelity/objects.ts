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
