import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, test } from "node:test";
import type { JsonObject } from "@seaworthy/kube";
import { resourceTypes } from "@seaworthy/kube";
import { configMap, deployment, pod, service, startApi, type Fixture } from "../../testing/start-api.ts";
import { send } from "../../testing/send.ts";
import { startWebhook, type Asked } from "../../testing/webhook-server.ts";

type Sort = "Mutating" | "Validating";

async function configure(
  fixture: Fixture,
  sort: Sort,
  name: string,
  ...webhooks: readonly Record<string, unknown>[]
): Promise<void> {
  const path = `/apis/admissionregistration.k8s.io/v1/${sort.toLowerCase()}webhookconfigurations`;
  const answer = await send(fixture, "POST", path, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${sort}WebhookConfiguration`,
    metadata: { name },
    webhooks: webhooks.map((webhook) => ({
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      rules: [rule("", "v1", "configmaps")],
      ...webhook,
    })),
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

function rule(group: string, version: string, resources: string, operations = ["*"]): object {
  return { apiGroups: [group], apiVersions: [version], resources: resources.split(" "), operations };
}

function patch(...operations: readonly object[]): JsonObject {
  return {
    allowed: true,
    patchType: "JSONPatch",
    patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
  };
}

const configMaps = "/api/v1/namespaces/default/configmaps";
const allow: JsonObject = { allowed: true };

describe("validating webhooks", () => {
  test("see what is created, changed and deleted, and who does it", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook(() => allow);
    await configure(fixture, "Validating", "all", { name: "all.example.com", clientConfig: hook.at("/v") });
    await send(fixture, "POST", `${configMaps}?fieldManager=me`, configMap("a", { x: "1" }));
    await send(fixture, "PATCH", `${configMaps}/a`, { data: { x: "2" } }, "application/merge-patch+json");
    await send(fixture, "DELETE", `${configMaps}/a`, { propagationPolicy: "Background" });
    const seen = hook.asked.map(({ request }) => request);
    assert.deepEqual(
      seen.map(({ operation, name, namespace }) => [operation, name, namespace]),
      [
        ["CREATE", "a", "default"],
        ["UPDATE", "a", "default"],
        ["DELETE", "a", "default"],
      ],
    );
    const [created, updated, deleted] = seen as [Asked, Asked, Asked];
    assert.deepEqual(created["kind"], { group: "", version: "v1", kind: "ConfigMap" });
    assert.deepEqual(created["requestResource"], { group: "", version: "v1", resource: "configmaps" });
    assert.deepEqual((created["userInfo"] as JsonObject)["username"], "system:apiserver");
    assert.deepEqual(created["options"], {
      kind: "CreateOptions",
      apiVersion: "meta.k8s.io/v1",
      fieldManager: "me",
    });
    assert.deepEqual([created.object["data"], created.oldObject], [{ x: "1" }, null]);
    assert.deepEqual([updated.object["data"], updated.oldObject["data"]], [{ x: "2" }, { x: "1" }]);
    assert.deepEqual([deleted.object, deleted.oldObject["data"]], [null, { x: "2" }]);
    assert.equal((deleted["options"] as JsonObject)["propagationPolicy"], "Background");
  });

  test("deny in their own words, or without any, and what they deny is not stored", async () => {
    const fixture = await startApi();
    const answers: Record<string, JsonObject> = {
      "/message": { allowed: false, status: { message: "no ships today", code: 418, reason: "Teapot" } },
      "/reason": { allowed: false, status: { reason: "Shallow" } },
      "/nothing": { allowed: false, warnings: ['mind the "gap"'] },
    };
    await using hook = await startWebhook((path) => answers[path]);
    const denied = async (path: string) => {
      const name = path.slice(1);
      await configure(fixture, "Validating", name, {
        name: `${name}.example.com`,
        clientConfig: hook.at(path),
      });
      const answer = await send(fixture, "POST", configMaps, configMap("a"));
      await send(
        fixture,
        "DELETE",
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`,
      );
      return answer;
    };
    const message = await denied("/message");
    assert.deepEqual(
      [message.status, message.body["reason"], message.body.message],
      [418, "Teapot", 'admission webhook "message.example.com" denied the request: no ships today'],
    );
    const reason = await denied("/reason");
    assert.deepEqual(
      [reason.status, reason.body.message],
      [400, 'admission webhook "reason.example.com" denied the request: Shallow'],
    );
    const nothing = await denied("/nothing");
    assert.deepEqual(
      [nothing.body.message, nothing.warning],
      [
        'admission webhook "nothing.example.com" denied the request without explanation',
        String.raw`299 - "mind the \"gap\""`,
      ],
    );
    assert.equal((await send(fixture, "GET", `${configMaps}/a`)).status, 404);
    assert.equal((await send(fixture, "POST", configMaps, configMap("a"))).status, 201);
  });

  test("that cannot be asked refuse, unless they may be done without", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook((path) => (path === "/wrong" ? { uid: "x" } : undefined));
    await using other = await startWebhook(() => allow);
    const cases: readonly [object, string | RegExp][] = [
      [hook.at("/gone"), "failed to call webhook: the server could not find the requested resource"],
      [
        hook.at("/wrong"),
        /^received invalid webhook response: expected response\.uid="[0-9a-f-]{36}", got "x"$/,
      ],
      [
        { ...hook.at("/other"), caBundle: other.caBundle },
        `failed to call webhook: Post "https://127.0.0.1:${hook.port}/other?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ],
      [
        { ...hook.at("/"), url: `https://localhost:${hook.port}/` },
        `failed to call webhook: Post "https://localhost:${hook.port}/?timeout=10s": tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1, not localhost`,
      ],
      [
        { ...hook.at("/"), url: "https://127.0.0.1:1/x" },
        'failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
      ],
      [
        { service: { name: "none", namespace: "default" }, caBundle: hook.caBundle },
        'failed to call webhook: Post "https://none.default.svc:443/?timeout=10s": service "none" not found',
      ],
    ];
    for (const [index, [clientConfig, why]] of cases.entries()) {
      const name = `w${index}.example.com`;
      for (const failurePolicy of ["Ignore", "Fail"])
        await configure(fixture, "Validating", `${failurePolicy.toLowerCase()}${index}`, {
          name,
          clientConfig,
          failurePolicy,
          objectSelector: { matchLabels: { case: `${failurePolicy}${index}` } },
        });
      const labelled = (label: string) => ({
        ...configMap(label),
        metadata: { name: label.toLowerCase(), labels: { case: label } },
      });
      assert.equal((await send(fixture, "POST", configMaps, labelled(`Ignore${index}`))).status, 201);
      const { status, body } = await send(fixture, "POST", configMaps, labelled(`Fail${index}`));
      const prefix = `Internal error occurred: failed calling webhook "${name}": `;
      assert.equal(status, 500);
      if (typeof why === "string") assert.equal(body.message, prefix + why);
      else assert.match(body.message?.slice(prefix.length) ?? "", why);
    }
  });

  test("that take too long are not waited for", async () => {
    const fixture = await startApi();
    const { promise, resolve } = Promise.withResolvers<JsonObject>();
    await using hook = await startWebhook(() => promise);
    const clientConfig = hook.at("/late");
    await configure(fixture, "Validating", "late", {
      name: "late.example.com",
      clientConfig,
      timeoutSeconds: 1,
    });
    const { body } = await send(fixture, "POST", configMaps, configMap("a"));
    assert.equal(
      body.message,
      `Internal error occurred: failed calling webhook "late.example.com": failed to call webhook: Post "${clientConfig.url}?timeout=1s": context deadline exceeded`,
    );
    resolve(allow);
  });

  test("are chosen by selectors and conditions, and never asked about what configures them", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook(() => ({ allowed: false }));
    const matchConditions = [{ name: "marked", expression: "has(object.data) && object.data.x == 'no'" }];
    await configure(fixture, "Validating", "a", {
      name: "conditions.example.com",
      clientConfig: hook.at("/"),
      rules: [rule("*", "*", "*/*"), rule("*", "*", "configmaps validatingwebhookconfigurations")],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } },
      matchConditions,
    });
    assert.equal((await send(fixture, "POST", configMaps, configMap("yes", { x: "yes" }))).status, 201);
    assert.equal((await send(fixture, "POST", configMaps, configMap("no", { x: "no" }))).status, 400);
    const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/a";
    assert.equal((await send(fixture, "DELETE", path)).status, 200);
    assert.equal((await send(fixture, "POST", configMaps, configMap("no", { x: "no" }))).status, 201);
  });

  test("are asked in a dry run only where that has no effects", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook(() => allow);
    await configure(fixture, "Validating", "a", { name: "none.example.com", clientConfig: hook.at("/") });
    assert.equal((await send(fixture, "POST", `${configMaps}?dryRun=All`, configMap("a"))).status, 201);
    assert.equal(hook.asked[0]?.request["dryRun"], true);
    assert.equal((await send(fixture, "GET", `${configMaps}/a`)).status, 404);
  });

  test("are asked about connections, scales, evictions and other versions of a kind", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook((_path, { operation }) => ({ allowed: operation !== "CONNECT" }));
    await fixture.client.create(resourceTypes.pods, pod("p"));
    await send(fixture, "POST", "/apis/apps/v1/namespaces/default/deployments", deployment("web"));
    await configure(
      fixture,
      "Validating",
      "a",
      {
        name: "parts.example.com",
        clientConfig: hook.at("/parts"),
        rules: [rule("*", "*", "pods/exec pods/eviction deployments/scale")],
      },
      {
        name: "versions.example.com",
        clientConfig: hook.at("/versions"),
        rules: [rule("autoscaling", "v1", "horizontalpodautoscalers")],
      },
    );
    const pods = "/api/v1/namespaces/default/pods/p";
    const exec = await send(fixture, "POST", `${pods}/exec?command=ls&command=-l&stdin=true&container=c`);
    assert.equal(
      exec.body.message,
      'admission webhook "parts.example.com" denied the request without explanation',
    );
    const scale = { spec: { replicas: 3 } };
    const merge = "application/merge-patch+json";
    await send(fixture, "PATCH", "/apis/apps/v1/namespaces/default/deployments/web/scale", scale, merge);
    const eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "p", namespace: "default" },
    };
    await send(fixture, "POST", `${pods}/eviction`, eviction);
    await send(fixture, "POST", "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h" },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
          },
        ],
      },
    });
    const [connected, scaled, evicted, autoscaled] = hook.asked.map(({ request }) => request);
    assert.deepEqual(connected?.object, {
      kind: "PodExecOptions",
      apiVersion: "v1",
      command: ["ls", "-l"],
      stdin: true,
      container: "c",
    });
    assert.deepEqual(
      [scaled?.["operation"], scaled?.["subResource"], scaled?.object["kind"], scaled?.object["spec"]],
      ["UPDATE", "scale", "Scale", { replicas: 3 }],
    );
    assert.deepEqual([evicted?.["operation"], evicted?.object["kind"]], ["CREATE", "Eviction"]);
    assert.deepEqual(
      [
        autoscaled?.object["apiVersion"],
        (autoscaled?.object["spec"] as JsonObject | undefined)?.["targetCPUUtilizationPercentage"],
      ],
      ["autoscaling/v1", 50],
    );
    assert.deepEqual(autoscaled?.["requestKind"], {
      group: "autoscaling",
      version: "v2",
      kind: "HorizontalPodAutoscaler",
    });
  });
});

describe("mutating webhooks", () => {
  test("change what is stored, in the order of their names; defaults and this server's own admission follow", async () => {
    const fixture = await startApi();
    const sidecar = { name: "sidecar", image: "sidecar:1" };
    const steps: Record<string, JsonObject> = {
      "/first": patch({ op: "add", path: "/metadata/annotations", value: { order: "first" } }),
      "/second": patch(
        { op: "test", path: "/metadata/annotations/order", value: "first" },
        { op: "add", path: "/spec/containers/-", value: sidecar },
      ),
    };
    await using hook = await startWebhook((path) => steps[path]);
    const rules = [rule("", "v1", "pods", ["CREATE"])];
    await configure(fixture, "Mutating", "b", {
      name: "b.example.com",
      clientConfig: hook.at("/second"),
      rules,
    });
    await configure(fixture, "Mutating", "a", {
      name: "a.example.com",
      clientConfig: hook.at("/first"),
      rules,
    });
    const created = await fixture.client.create(resourceTypes.pods, pod("p"));
    assert.equal(created.metadata.annotations?.["order"], "first");
    const added = created.spec.containers[1];
    assert.deepEqual([added?.name, added?.imagePullPolicy], ["sidecar", "IfNotPresent"]);
    const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    for (const { volumeMounts = [] } of created.spec.containers)
      assert.deepEqual(
        volumeMounts.map((mount) => mount.mountPath),
        [mountPath],
      );
    assert.deepEqual(
      hook.asked.map(({ path }) => path),
      ["/first", "/second"],
    );
  });

  test("are asked again when others changed the object after them, if they want that", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook((path, { object }) => {
      const data = (object["data"] ?? {}) as JsonObject;
      if (path === "/count")
        return patch({ op: "add", path: "/data/count", value: Object.keys(data).join() });
      return data["x"] === undefined ? patch({ op: "add", path: "/data/x", value: "1" }) : allow;
    });
    await configure(
      fixture,
      "Mutating",
      "a",
      { name: "count.example.com", clientConfig: hook.at("/count"), reinvocationPolicy: "IfNeeded" },
      { name: "add.example.com", clientConfig: hook.at("/add") },
    );
    const { body } = await send(fixture, "POST", configMaps, configMap("a", { given: "0" }));
    assert.deepEqual(body["data"], { given: "0", count: "given,count,x", x: "1" });
    assert.deepEqual(
      hook.asked.map(({ path }) => path),
      ["/count", "/add", "/count"],
    );
  });

  test("cannot make what is invalid, nor change what is deleted", async () => {
    const fixture = await startApi();
    await using hook = await startWebhook((_path, { operation }) =>
      operation === "DELETE"
        ? patch({ op: "add", path: "/data", value: {} })
        : patch({ op: "add", path: "/data/bad key", value: "1" }),
    );
    await send(fixture, "POST", configMaps, configMap("old"));
    await configure(fixture, "Mutating", "a", { name: "bad.example.com", clientConfig: hook.at("/") });
    const created = await send(fixture, "POST", configMaps, configMap("a", { x: "1" }));
    assert.equal(created.status, 422);
    const deleted = await send(fixture, "DELETE", `${configMaps}/old`);
    assert.equal(
      deleted.body.message,
      'Internal error occurred: admission webhook "bad.example.com" attempted to modify the object, which is not supported for this operation',
    );
  });

  test("that are slow do not lose the writes of others", async () => {
    const fixture = await startApi();
    await send(fixture, "POST", configMaps, configMap("a"));
    let writes = 0;
    await using hook = await startWebhook(async (_path, { object }) => {
      writes += 1;
      const path = `${configMaps}/a`;
      const merge = "application/merge-patch+json";
      const { labels = {} } = object["metadata"] as { labels?: Record<string, string> };
      if (labels["slow"] !== undefined && writes === 1)
        await send(fixture, "PATCH", path, { data: { other: "1" } }, merge);
      return allow;
    });
    await configure(fixture, "Mutating", "a", {
      name: "slow.example.com",
      clientConfig: hook.at("/"),
      objectSelector: { matchLabels: { slow: "yes" } },
    });
    const change = { metadata: { labels: { slow: "yes" } }, data: { mine: "1" } };
    const { body } = await send(fixture, "PATCH", `${configMaps}/a`, change, "application/merge-patch+json");
    assert.deepEqual(body["data"], { other: "1", mine: "1" });
    assert.equal(hook.asked.length, 2);
  });

  test("do not have an object deleted that changed after they saw it", async () => {
    const fixture = await startApi();
    await send(fixture, "POST", configMaps, configMap("a", { keep: "no" }));
    await using hook = await startWebhook(async (_path, { oldObject }) => {
      const { keep } = oldObject["data"] as JsonObject;
      if (keep === "yes") return { allowed: false, status: { message: "it is kept" } };
      const merge = "application/merge-patch+json";
      await send(fixture, "PATCH", `${configMaps}/a`, { data: { keep: "yes" } }, merge);
      return allow;
    });
    const rules = [rule("", "v1", "configmaps", ["DELETE"])];
    await configure(fixture, "Mutating", "a", {
      name: "keep.example.com",
      clientConfig: hook.at("/"),
      rules,
    });
    const { body } = await send(fixture, "DELETE", `${configMaps}/a`);
    assert.equal(body.message, 'admission webhook "keep.example.com" denied the request: it is kept');
    assert.equal((await send(fixture, "GET", `${configMaps}/a`)).status, 200);
  });

  test("are found by their Service at a ready pod, and known by its name", async () => {
    const dialed: string[] = [];
    await using hook = await startWebhook(
      () => patch({ op: "add", path: "/data", value: { by: "service" } }),
      {
        dnsNames: ["hooks.default.svc"],
      },
    );
    const fixture = await startApi({
      network: {
        async dial(ip, port) {
          dialed.push(`${ip}:${port}`);
          const socket = connect(hook.port, "127.0.0.1");
          await once(socket, "connect");
          return socket;
        },
      },
    });
    await fixture.client.create(
      resourceTypes.services,
      service("hooks", { ports: [{ name: "https", port: 443 }] }),
    );
    await send(fixture, "POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "hooks-1", labels: { "kubernetes.io/service-name": "hooks" } },
      addressType: "IPv4",
      ports: [{ name: "https", port: 8443 }],
      endpoints: [
        { addresses: ["10.1.0.4"], conditions: { ready: false } },
        { addresses: ["10.1.0.5"], conditions: { ready: true } },
      ],
    });
    await configure(fixture, "Mutating", "a", {
      name: "service.example.com",
      clientConfig: {
        service: { name: "hooks", namespace: "default", path: "/mutate" },
        caBundle: hook.caBundle,
      },
    });
    const { body } = await send(fixture, "POST", configMaps, configMap("a"));
    assert.deepEqual(body["data"], { by: "service" });
    assert.deepEqual(dialed, ["10.1.0.5:8443"]);
    assert.equal(hook.asked[0]?.path, "/mutate");
  });
});

test("a condition that cannot be read is refused", async () => {
  const fixture = await startApi();
  const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
  const { status, body } = await send(fixture, "POST", path, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "a" },
    webhooks: [
      {
        name: "a.example.com",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        clientConfig: { url: "https://localhost/" },
        matchConditions: [{ name: "x", expression: "object.data.x = 1" }],
      },
    ],
  });
  assert.equal(status, 422);
  assert.match(
    body.message ?? "",
    /webhooks\[0\]\.matchConditions\[0\]\.expression: Invalid value: .*compilation failed/,
  );
});
