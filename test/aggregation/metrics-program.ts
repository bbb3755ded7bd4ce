import { ask, startInCluster } from "./in-cluster.ts";

// A metrics adapter in a pod: each pod has 40 hits, and the queue has 150 jobs, in two parts.

const timestamp = () => new Date().toISOString().replace(/\.\d+/, "");

await startInCluster(async ({ path, query }) => {
  const [group, version, ...below] = path.split("/").slice(2);
  const apiVersion = `${group}/${version}`;
  if (below.length === 0)
    return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersion, resources: [] };
  const list = (kind: string, items: object[]) => ({ kind, apiVersion, metadata: {}, items });
  const [, namespace = "", ...what] = below;
  if (what.join("/") === "queue") {
    const item = (value: string) => ({
      metricName: "queue",
      metricLabels: {},
      timestamp: timestamp(),
      value,
    });
    return list("ExternalMetricValueList", [item("70"), item("80")]);
  }
  if (what.join("/") !== "pods/*/hits") return undefined;
  const selector = encodeURIComponent(query.get("labelSelector") ?? "");
  const pods = await ask("GET", `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
  const items = pods["items"] as { readonly metadata: { readonly name: string } }[];
  return list(
    "MetricValueList",
    items.map(({ metadata: { name } }) => ({
      describedObject: { kind: "Pod", namespace, name, apiVersion: "/v1" },
      metric: { name: "hits", selector: null },
      timestamp: timestamp(),
      value: "40",
    })),
  );
});
