import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Pod, type ResourceQuota, type Service } from "@seaworthy/kube";
import { configMap, pod, refusal, service, startApi, type Fixture } from "../testing/start-api.ts";

const { configmaps, pods, resourcequotas, services } = resourceTypes;

/** A quota that the controller has counted, of which there is none here. */
async function quota(
  api: Fixture,
  name: string,
  hard: Record<string, string>,
  used: Record<string, string>,
  spec: Partial<NonNullable<ResourceQuota["spec"]>> = {},
): Promise<void> {
  const metadata = { name, namespace: "default" };
  const created = await api.client.create<ResourceQuota>(resourcequotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata,
    spec: { hard, ...spec },
  });
  await api.client.update<ResourceQuota>(resourcequotas, { ...created, status: { hard, used } }, "status");
}

async function used(api: Fixture, name: string): Promise<Record<string, string> | undefined> {
  return (await api.client.get<ResourceQuota>(resourcequotas, "default", name)).status?.used;
}

const asking = (cpu: string): Partial<Pod["spec"]> => ({
  containers: [{ name: "c", image: "c:1", resources: { requests: { cpu } } }],
});

test("of many creations at once as many pass as the quota has left, and it says so", async () => {
  const api = await startApi();
  await quota(
    api,
    "q",
    { pods: "5", "requests.cpu": "1", secrets: "1" },
    { pods: "2", "requests.cpu": "0", secrets: "0" },
  );
  const made = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => api.client.create(pods, pod(`p${index}`, asking("300m")))),
  );
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 3);
  assert.deepEqual(await used(api, "q"), { pods: "5", "requests.cpu": "900m", secrets: "0" });
  const { code, reason, message } = await refusal(api.client.create(pods, pod("over", asking("200m"))));
  assert.deepEqual([code, reason], [403, "Forbidden"]);
  assert.equal(
    message,
    'pods "over" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=200m, used: pods=5,requests.cpu=900m, limited: pods=5,requests.cpu=1',
  );
});

test("what is refused, tried only, or not stored costs nothing", async () => {
  const api = await startApi();
  await quota(api, "a", { configmaps: "2" }, { configmaps: "0" });
  await quota(api, "b", { "count/configmaps": "1" }, { "count/configmaps": "0" });
  await api.transport({
    method: "POST",
    path: "/api/v1/namespaces/default/configmaps",
    query: new URLSearchParams({ dryRun: "All" }),
    headers: { "content-type": "application/json" },
    body: JSON.stringify(configMap("dry")),
  });
  assert.deepEqual(await used(api, "a"), { configmaps: "0" });
  await api.client.create(configmaps, configMap("one"));
  assert.match((await refusal(api.client.create(configmaps, configMap("one")))).message, /exceeded quota: b/);
  assert.deepEqual(
    [await used(api, "a"), await used(api, "b")],
    [{ configmaps: "1" }, { "count/configmaps": "1" }],
  );
});

test("a quota that was not counted yet refuses nothing; one of which a part was not counted refuses all", async () => {
  const api = await startApi();
  const metadata = { name: "new", namespace: "default" };
  const spec = { hard: { pods: "0" } };
  await api.client.create<ResourceQuota>(resourcequotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata,
    spec,
  });
  await api.client.create(pods, pod("p"));
  await quota(api, "part", { configmaps: "9", "count/configmaps": "9" }, { configmaps: "0" });
  const { message } = await refusal(api.client.create(configmaps, configMap("one")));
  assert.equal(
    message,
    'configmaps "one" is forbidden: status unknown for quota: part, resources: configmaps,count/configmaps',
  );
});

test("a quota of cpu demands that pods say what they need, in its scope alone", async () => {
  const api = await startApi();
  await quota(api, "q", { cpu: "1" }, { cpu: "0" }, { scopes: ["Terminating"] });
  await api.client.create(pods, pod("free"));
  const ending = { activeDeadlineSeconds: 60 };
  assert.equal(
    (await refusal(api.client.create(pods, pod("p", ending)))).message,
    'pods "p" is forbidden: failed quota: q: must specify cpu for: c',
  );
  await api.client.create(pods, pod("p", { ...asking("1"), ...ending }));
  await api.client.create(pods, pod("later", asking("1m")));
  // A deadline that comes later brings the pod into the scope.
  const { message } = await refusal(api.client.patch(pods, "default", "later", "merge", { spec: ending }));
  assert.match(message, /exceeded quota: q, requested: cpu=1m, used: cpu=1, limited: cpu=1$/);
});

test("a Service is held against quotas when its type changes", async () => {
  const api = await startApi();
  const none = { services: "0", "services.nodeports": "0", "services.loadbalancers": "0" };
  await quota(api, "q", { services: "3", "services.nodeports": "1", "services.loadbalancers": "0" }, none);
  await api.client.create<Service>(services, service("s"));
  const type = (name: string) =>
    api.client.patch(services, "default", "s", "merge", { spec: { type: name } });
  assert.match(
    (await refusal(type("LoadBalancer"))).message,
    /exceeded quota: q, requested: services.loadbalancers=1/,
  );
  await type("NodePort");
  assert.deepEqual(await used(api, "q"), {
    services: "1",
    "services.nodeports": "1",
    "services.loadbalancers": "0",
  });
});
