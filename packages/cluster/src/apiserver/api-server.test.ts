import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  resourceTypes,
  type ConfigMap,
  type Deployment,
  type KubeObject,
  type Namespace,
  type Pod,
  type Service,
} from "@seaworthy/kube";
import { startApi, deployment, pod, service, configMap, refusal } from "./testing/start-api.ts";

describe("writes", () => {
  test("a creation gets its system metadata, defaults and generation 1, and loses its status", async () => {
    const { client } = await startApi();
    const sent = { ...deployment(), status: { replicas: 9 } };
    const created = await client.create<Deployment>(resourceTypes.deployments, sent);
    assert.match(
      created.metadata.uid ?? "",
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(created.metadata.creationTimestamp, "2026-01-01T00:00:00Z");
    assert.equal(created.metadata.generation, 1);
    assert.equal(created.spec.strategy?.rollingUpdate?.maxSurge, "25%");
    assert.deepEqual(created.status, {});
    assert.deepEqual(await client.get(resourceTypes.deployments, "default", "web"), created);
  });

  test("an object without a namespace may say that it is in none", async () => {
    const { client } = await startApi();
    const namespace: Namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "a", namespace: "" },
    };
    const { metadata } = await client.create<Namespace>(resourceTypes.namespaces, namespace);
    assert.equal(metadata.namespace, undefined);
  });

  test("generation rises with the spec, and not with labels, status or nothing", async () => {
    const { client } = await startApi();
    const type = resourceTypes.deployments;
    const generation = async (patch: unknown, subresource?: string) =>
      (await client.patch<Deployment>(type, "default", "web", "merge", patch, subresource)).metadata
        .generation;
    await client.create(type, deployment());
    assert.equal(await generation({ metadata: { labels: { a: "b" } } }), 1);
    assert.equal(await generation({ status: { observedGeneration: 1 } }, "status"), 1);
    assert.equal(await generation({}), 1);
    assert.equal(await generation({ spec: { replicas: 3 } }), 2);
  });

  test("the object and its status are written apart", async () => {
    const { client } = await startApi();
    const type = resourceTypes.deployments;
    await client.create(type, deployment());
    const change = { spec: { replicas: 7 }, status: { replicas: 4 }, metadata: { labels: { x: "y" } } };
    const viaStatus = await client.patch<Deployment>(type, "default", "web", "merge", change, "status");
    assert.deepEqual(
      [viaStatus.spec.replicas, viaStatus.status?.replicas, viaStatus.metadata.labels],
      [2, 4, { app: "web" }],
    );
    const viaMain = await client.patch<Deployment>(type, "default", "web", "merge", {
      ...change,
      status: { replicas: 1 },
    });
    assert.deepEqual([viaMain.spec.replicas, viaMain.status?.replicas], [7, 4]);
  });

  test("a write that changes nothing keeps the resourceVersion", async () => {
    const { client } = await startApi();
    const created = await client.create<Deployment>(resourceTypes.deployments, deployment());
    const updated = await client.update<Deployment>(resourceTypes.deployments, created);
    assert.equal(updated.metadata.resourceVersion, created.metadata.resourceVersion);
  });

  test("a stale resourceVersion is a conflict, a patch without one never is", async () => {
    const { client } = await startApi();
    const created = await client.create<ConfigMap>(resourceTypes.configmaps, configMap("c"));
    await client.update(resourceTypes.configmaps, { ...created, data: { a: "1" } });
    assert.deepEqual(
      await refusal(client.update(resourceTypes.configmaps, { ...created, data: { a: "2" } })),
      {
        code: 409,
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
      },
    );
    const patched = await client.patch<ConfigMap>(resourceTypes.configmaps, "default", "c", "merge", {
      data: { a: "3" },
    });
    assert.equal(patched.data?.["a"], "3");
  });

  test("refusals are worded as Kubernetes words them", async () => {
    const { client } = await startApi();
    await client.create(resourceTypes.deployments, deployment());
    const message = async (promise: Promise<unknown>) => (await refusal(promise)).message;
    const type = resourceTypes.deployments;
    assert.equal(await message(client.get(type, "default", "x")), 'deployments.apps "x" not found');
    assert.equal(await message(client.create(type, deployment())), 'deployments.apps "web" already exists');
    assert.equal(
      await message(client.patch(type, "default", "web", "merge", { spec: { replicas: -1 } })),
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    const elsewhere = configMap("c");
    elsewhere.metadata.namespace = "nowhere";
    assert.equal(
      await message(client.create(resourceTypes.configmaps, elsewhere)),
      'namespaces "nowhere" not found',
    );
  });

  test("fieldValidation refuses, warns of or drops an unknown field; dryRun stores nothing", async () => {
    const { transport, client } = await startApi();
    const post = (query: string) =>
      transport({
        method: "POST",
        path: "/api/v1/namespaces/default/configmaps",
        query: new URLSearchParams(query),
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...configMap("c"), datum: 1 }),
      });
    const strict = await post("fieldValidation=Strict");
    assert.equal(strict.status, 400);
    assert.match(String(strict.body), /strict decoding error: unknown field \\"datum\\"/);
    const warned = await post("dryRun=All");
    assert.deepEqual(
      [warned.status, warned.headers["warning"]],
      [201, String.raw`299 - "unknown field \"datum\""`],
    );
    assert.equal((await client.list(resourceTypes.configmaps)).items.length, 0);
    const ignored = await post("fieldValidation=Ignore");
    assert.equal(ignored.headers["warning"], undefined);
    assert.ok(!String(ignored.body).includes("datum"));
  });

  test("a stop signal is taken out of pods and templates, as v1.36 does without its alpha gate", async () => {
    const { client } = await startApi();
    const lifecycle = (more: object) => ({ lifecycle: { stopSignal: "SIGUSR1", ...more } });
    const preStop = { sleep: { seconds: 1 } };
    const containers = [
      { name: "a", image: "a", ...lifecycle({}) },
      { name: "b", image: "b", ...lifecycle({ preStop }) },
    ];
    const spec = { os: { name: "linux" }, containers } as Pod["spec"];
    const created = await client.create<Pod>(resourceTypes.pods, pod("p", spec));
    const kept = created.spec.containers.map((container) => container.lifecycle);
    assert.deepEqual(kept, [undefined, { preStop }]);
    const made = await client.create<Deployment>(resourceTypes.deployments, deployment());
    made.spec.template.spec = spec;
    const changed = await client.update<Deployment>(resourceTypes.deployments, made);
    assert.deepEqual(changed.spec.template.spec.containers[1]?.lifecycle, { preStop });
  });

  test("generated names keep their base and are all different", async () => {
    const { client } = await startApi();
    const names = new Set<string>();
    for (let count = 0; count < 200; count += 1) {
      const sent = { ...configMap(""), metadata: { generateName: "c-", namespace: "default" } };
      names.add(
        (await client.create<KubeObject>(resourceTypes.configmaps, sent as KubeObject)).metadata.name,
      );
    }
    assert.equal(names.size, 200);
    assert.ok([...names].every((name) => /^c-[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name)));
  });
});

describe("services", () => {
  test("get a cluster IP and node ports of their own, and keep them", async () => {
    const { client } = await startApi();
    const type = resourceTypes.services;
    const first = await client.create<Service>(type, service("a", { type: "NodePort" }));
    const second = await client.create<Service>(type, service("b", { type: "NodePort" }));
    assert.match(first.spec.clusterIP ?? "", /^10\.(9[6-9]|10\d|11[01])\./);
    assert.notEqual(first.spec.clusterIP, second.spec.clusterIP);
    assert.notEqual(first.spec.ports?.[0]?.nodePort, second.spec.ports?.[0]?.nodePort);
    const updated = await client.update<Service>(
      type,
      service("a", { type: "NodePort", selector: { a: "b" } }),
    );
    assert.equal(updated.spec.clusterIP, first.spec.clusterIP);
    assert.equal(updated.spec.ports?.[0]?.nodePort, first.spec.ports?.[0]?.nodePort);
  });

  test("are refused a node port or an address that is taken or out of range", async () => {
    const { client } = await startApi();
    const type = resourceTypes.services;
    await client.create(type, service("a", { type: "NodePort", ports: [{ port: 80, nodePort: 30_001 }] }));
    const again = service("b", { type: "NodePort", ports: [{ port: 80, nodePort: 30_001 }] });
    assert.equal(
      (await refusal(client.create(type, again))).message,
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
    );
    assert.match(
      (await refusal(client.create(type, service("c", { clusterIP: "1.2.3.4" })))).message,
      /failed to allocate IP 1\.2\.3\.4: the provided network does not match the current range/,
    );
    const headless = await client.create<Service>(type, service("d", { clusterIP: "None" }));
    assert.deepEqual(headless.spec.clusterIPs, ["None"]);
  });

  test("share a node port over TCP and UDP, give back what another type has no use for", async () => {
    const { client } = await startApi();
    const type = resourceTypes.services;
    const ports = [
      { name: "tcp", port: 53 },
      { name: "udp", port: 53, protocol: "UDP" },
    ];
    const made = await client.create<Service>(type, service("dns", { type: "NodePort", ports }));
    const [first, second] = made.spec.ports ?? [];
    assert.equal(first?.nodePort, second?.nodePort);
    const plain = await client.update<Service>(type, { ...made, spec: { ...made.spec, type: "ClusterIP" } });
    assert.equal(plain.spec.ports?.[0]?.nodePort, undefined);
    assert.equal(plain.spec.externalTrafficPolicy, undefined);
    assert.equal(plain.spec.clusterIP, made.spec.clusterIP);
    const spec = { ...plain.spec, type: "ExternalName", externalName: "dns.example" };
    const external = await client.update<Service>(type, { ...plain, spec });
    assert.equal(external.spec.clusterIP, undefined);
    assert.equal(external.spec.ipFamilies, undefined);
  });

  test("that ask for what a cluster of IPv4 does not have are refused", async () => {
    const { client } = await startApi();
    const type = resourceTypes.services;
    for (const [spec, why] of [
      [
        { ipFamilies: ["IPv6"] },
        /spec\.ipFamilies\[0\]: Invalid value: "IPv6": not configured on this cluster/,
      ],
      [{ ipFamilyPolicy: "RequireDualStack" }, /this cluster is not configured for dual-stack services/],
      [{ clusterIP: "fd00::1" }, /IPv6 is not configured on this cluster/],
    ] as const) {
      const asked = service("six", spec as Partial<Service["spec"]>);
      assert.match((await refusal(client.create(type, asked))).message, why);
    }
    const headless = await client.create<Service>(type, service("none", { clusterIP: "None" }));
    assert.deepEqual(headless.spec.ipFamilies, ["IPv4", "IPv6"]);
  });
});

describe("pods", () => {
  test("are bound once, and are fixed but for their image", async () => {
    const { client } = await startApi();
    await client.create(resourceTypes.pods, pod());
    await client.bind("default", "p", "node-1");
    assert.equal(
      (await refusal(client.bind("default", "p", "node-2"))).message,
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "node-1"',
    );
    const bound = await client.get<Pod>(resourceTypes.pods, "default", "p");
    const image = [{ op: "replace", path: "/spec/containers/0/image", value: "c:2" }];
    await client.patch(resourceTypes.pods, "default", "p", "json", image);
    const moved = { ...bound, metadata: { ...bound.metadata }, spec: { ...bound.spec, nodeName: "node-2" } };
    delete moved.metadata.resourceVersion;
    assert.match(
      (await refusal(client.update(resourceTypes.pods, moved))).message,
      /pod updates may not change fields/,
    );
  });

  test("have a log once a container has run", async () => {
    const { client } = await startApi();
    await client.create(resourceTypes.pods, pod());
    await client.bind("default", "p", "node-1");
    const status = (state: unknown) =>
      client.patch(
        resourceTypes.pods,
        "default",
        "p",
        "merge",
        {
          status: {
            containerStatuses: [{ name: "c", image: "c", imageID: "", ready: false, restartCount: 0, state }],
          },
        },
        "status",
      );
    await status({ waiting: { reason: "ContainerCreating" } });
    const read = () => Array.fromAsync(client.logs("default", "p"));
    assert.equal(
      (await refusal(read())).message,
      'container "c" in pod "p" is waiting to start: ContainerCreating',
    );
    await status({ running: { startedAt: "2026-01-01T00:00:00Z" }, waiting: null });
    assert.deepEqual(await read(), ["a line\n"]);
    const wrong = Array.fromAsync(client.logs("default", "p", { container: "x" }));
    assert.equal((await refusal(wrong)).message, "container x is not valid for pod p");
  });
});

test("scale is a view of the replicas with the selector as text", async () => {
  const { client } = await startApi();
  await client.create(resourceTypes.deployments, deployment());
  interface Scale extends KubeObject {
    spec: { replicas: number };
    status: { selector: string };
  }
  const patch = { spec: { replicas: 5 } };
  const scale = await client.patch<Scale>(
    resourceTypes.deployments,
    "default",
    "web",
    "merge",
    patch,
    "scale",
  );
  assert.deepEqual([scale.kind, scale.spec.replicas, scale.status.selector], ["Scale", 5, "app=web"]);
  const scaled = await client.get<Deployment>(resourceTypes.deployments, "default", "web");
  assert.deepEqual([scaled.spec.replicas, scaled.metadata.generation], [5, 2]);
});

test("pages of a list show one moment", async () => {
  const { client, transport } = await startApi();
  for (const name of ["a", "b", "c"]) await client.create(resourceTypes.configmaps, configMap(name));
  const page = async (query: string) => {
    const path = "/api/v1/namespaces/default/configmaps";
    const response = await transport({ method: "GET", path, query: new URLSearchParams(query), headers: {} });
    return JSON.parse(String(response.body)) as {
      code?: number;
      metadata: { continue?: string; remainingItemCount?: number; resourceVersion: string };
      items: KubeObject[];
    };
  };
  const first = await page("limit=2");
  assert.equal(first.metadata.remainingItemCount, 1);
  await client.delete(resourceTypes.configmaps, "default", "c");
  const second = await page(`limit=2&continue=${first.metadata.continue}`);
  assert.deepEqual(
    second.items.map(({ metadata }) => metadata.name),
    ["c"],
  );
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
});

test("a list whose state is forgotten goes on in the present state, if the client wants that", async () => {
  await listForgotten({ historyLimit: 4 }, 10, 0);
});

test("a list is forgotten five minutes after somebody wrote, and exact lists with it", async () => {
  await listForgotten({}, 1, 5 * 60_000);
});

/** Lists a first page; writes so often; lets so much time pass; and lists on. */
async function listForgotten(options: { historyLimit?: number }, writes: number, pauseMs: number) {
  const { client, transport, clock } = await startApi(options);
  const type = resourceTypes.configmaps;
  for (const name of ["a", "b", "c"]) await client.create(type, configMap(name));
  const query = (text: string) => ({
    method: "GET" as const,
    path: "/api/v1/configmaps",
    query: new URLSearchParams(text),
    headers: {},
  });
  const read = async (text: string) =>
    JSON.parse(String((await transport(query(text))).body)) as {
      code?: number;
      metadata: { continue: string; resourceVersion: string };
      items: KubeObject[];
    };
  const first = await read("limit=1");
  for (let step = 0; step < writes; step += 1)
    await client.patch(type, "default", "c", "merge", { data: { step: String(step) } });
  clock.nowMs += pauseMs;
  const gone = await read(`limit=1&continue=${first.metadata.continue}`);
  assert.equal(gone.code, 410);
  const exact = `resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`;
  assert.equal((await read(exact)).code, 410);
  const rest = await read(`continue=${gone.metadata.continue}`);
  assert.deepEqual(
    rest.items.map(({ metadata }) => metadata.name),
    ["b", "c"],
  );
  assert.ok(Number(rest.metadata.resourceVersion) > Number(first.metadata.resourceVersion));
}

test("no answer and no event tells of a write that is not in the log", async () => {
  const logged = new Set<string>();
  const { client } = await startApi({
    log: {
      recover: () => ({ writes: [], compacted: 0, gap: { from: 0, to: 0 } }),
      append(writes) {
        for (const { revision } of writes) logged.add(String(revision));
      },
      [Symbol.dispose]() {},
    },
  });
  const type = resourceTypes.configmaps;
  const check = ({ metadata }: KubeObject) =>
    assert.ok(logged.has(metadata.resourceVersion ?? ""), `${metadata.name} is in the log`);
  const abort = new AbortController();
  const watching = (async () => {
    const options = { resourceVersion: "0", signal: abort.signal };
    for await (const { object } of client.watch(type, options)) {
      check(object);
      if (object.metadata.name === "c9") abort.abort();
    }
  })();
  for (let step = 0; step < 10; step += 1) {
    // The list is read in the turn in which the write is made, which is before its commit.
    const creating = client.create(type, configMap(`c${step}`));
    const { items } = await client.list(type);
    items.forEach(check);
    check(await creating);
  }
  await watching;
});
