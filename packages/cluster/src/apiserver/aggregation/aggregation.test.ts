import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request as sendHttps } from "node:https";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { createCertificateAuthority, type CertificateAuthority } from "@seaworthy/certificates";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { resourceTypes, type Condition, type EndpointSlice, type KubeObject } from "@seaworthy/kube";
import type { ListeningApi } from "../http/serve-api.ts";
import { freePort } from "../../testing/free-port.ts";
import { startExtension, type ExtensionServer } from "../testing/extension-server.ts";
import { createFishExtension } from "../testing/fish-extension.ts";
import { send } from "../testing/send.ts";
import { service, startApi } from "../testing/start-api.ts";
import type { ApiService } from "./api-service.ts";

const dayMs = 24 * 3_600_000;
const root = "/apis/sea.example.com/v1";
const fishPath = `${root}/namespaces/default/fish`;
const fish = (name: string) => ({
  apiVersion: "sea.example.com/v1",
  kind: "Fish",
  metadata: { name },
  spec: { fins: 2 },
});

describe("an APIService", () => {
  test("says in Kubernetes' words why its server cannot be asked, and when it can", async () => {
    await using world = await startWorld();
    const { client } = world.fixture;
    await world.createApiService();
    const told: [string, string][] = [];
    const note = async (reason: string) => {
      const { message = "" } = await world.reasonIs(reason);
      told.push([reason, message]);
    };
    await note("ServiceNotFound");
    await client.create(resourceTypes.services, service("sea", { ports: [{ port: 80 }] }));
    await note("ServicePortError");
    const { spec } = await client.patch<KubeObject & { spec: { clusterIP: string } }>(
      resourceTypes.services,
      "default",
      "sea",
      "merge",
      { spec: { ports: [{ port: 443, name: "https" }] } },
    );
    await note("EndpointsNotFound");
    await client.create(resourceTypes.endpointslices, slice(1, false));
    await note("MissingEndpoints");
    const closed = await freePort();
    await client.update(resourceTypes.endpointslices, slice(closed));
    await note("FailedDiscoveryCheck");
    await client.update(resourceTypes.endpointslices, slice(world.extension.port));
    await note("Passed");
    const url = `https://${spec.clusterIP}:443${root}`;
    assert.deepEqual(told, [
      ["ServiceNotFound", `service/sea in "default" is not present`],
      ["ServicePortError", `service/sea in "default" is not listening on port 443`],
      ["EndpointsNotFound", `cannot find endpointslices for service/sea in "default"`],
      [
        "MissingEndpoints",
        `endpointslices for service/sea in "default" have no addresses with port name "https"`,
      ],
      [
        "FailedDiscoveryCheck",
        `failing or missing response from ${url}: Get "${url}": dial tcp ${spec.clusterIP}:443: connect: connection refused`,
      ],
      ["Passed", "all checks passed"],
    ]);
  });

  test("whose server shows a certificate of somebody else's is not asked, unless that is not to be looked at", async () => {
    await using world = await startWorld();
    const caBundle = Buffer.from(newAuthority().cert).toString("base64");
    await world.createService();
    await world.createSlice();
    await world.createApiService({ caBundle });
    const { message = "" } = await world.reasonIs("FailedDiscoveryCheck");
    assert.match(
      message,
      /tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
    );
    const unchecked = { spec: { caBundle: null, insecureSkipTLSVerify: true } };
    await world.fixture.client.patch(resourceTypes.apiservices, undefined, name, "merge", unchecked);
    await world.reasonIs("Passed");
  });

  test("whose server cannot be asked is answered for with 503", async () => {
    await using world = await startWorld();
    await world.createApiService();
    await world.reasonIs("ServiceNotFound");
    const { answer, text } = await world.ask("GET", fishPath);
    assert.deepEqual([answer.statusCode, text], [503, "service unavailable\n"]);
    assert.equal(answer.headers["content-type"], "text/plain; charset=utf-8");
    const body = await world.aggregated();
    assert.deepEqual(versionsOf(body), [{ version: "v1", freshness: "Stale", resources: [] }]);
  });
});

describe("a request to an aggregated API", () => {
  test("is passed on with the name of who asks, and with nothing that he says of it himself", async () => {
    await using world = await startWorld();
    await world.serve();
    const created = await world.ask("POST", fishPath, fish("nemo"), {
      "x-remote-user": "system:admin",
      "x-remote-group": "system:masters",
      "x-remote-extra-scopes": "all",
      "impersonate-user": "jane",
      "impersonate-group": "crew",
      "impersonate-extra-example.com%2frank": "mate",
    });
    assert.equal(created.answer.statusCode, 403);
    await world.allow("jane");
    const answer = await world.ask("POST", fishPath, fish("nemo"), {
      "x-remote-user": "system:admin",
      "x-remote-extra-scopes": "all",
      "impersonate-user": "jane",
      "impersonate-group": "crew",
      "impersonate-extra-example.com%2frank": "mate",
    });
    assert.equal(JSON.parse(answer.text).metadata.name, "nemo");
    const { headers, method, path } = world.extension.asked.at(-1)!;
    assert.deepEqual([method, path], ["POST", fishPath]);
    const remote = Object.entries(headers).filter(([each]) => each.startsWith("x-remote-"));
    assert.deepEqual(Object.fromEntries(remote), {
      "x-remote-user": "jane",
      "x-remote-group": "crew, system:authenticated",
      "x-remote-extra-example.com%2frank": "mate",
    });
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.host, "sea.default.svc");
    assert.equal(
      Object.keys(headers).some((each) => each.startsWith("impersonate-")),
      false,
    );
  });

  test("of a program in this process is answered as well", async () => {
    await using world = await startWorld();
    await world.serve();
    await send(world.fixture, "POST", fishPath, fish("dory"));
    const type = { group: "sea.example.com", version: "v1", plural: "fish", kind: "Fish", namespaced: true };
    const { items } = await world.fixture.client.list(type, { namespace: "default" });
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["dory"],
    );
    assert.equal(world.extension.asked.at(-1)?.headers["x-remote-user"], "system:apiserver");
  });

  test("that watches gets events as they come, and ends at the server with its client", async () => {
    await using world = await startWorld();
    await world.serve();
    const [request, answer] = await world.open("GET", `${fishPath}?watch=true`);
    await world.ask("POST", fishPath, fish("marlin"));
    const [event] = (await once(answer, "data")) as [Buffer];
    assert.equal(JSON.parse(event.toString()).object.metadata.name, "marlin");
    answer.on("error", () => {});
    request.destroy();
    await world.extension.asked.find(({ query }) => query.get("watch") === "true")?.closed;
  });

  test("that changes its protocol has the connection from then on", async () => {
    await using world = await startWorld();
    await world.serve();
    const headers = { connection: "Upgrade", upgrade: "echo" };
    const request = sendHttps({ ...world.connection(), method: "GET", path: `${fishPath}/echo`, headers });
    request.end();
    const [answer, socket, head] = (await once(request, "upgrade")) as [IncomingMessage, Duplex, Buffer];
    assert.deepEqual([answer.statusCode, answer.headers["x-user"]], [101, "seaworthy-admin"]);
    let said = head.toString();
    socket.write("there");
    while (said !== "hello there") said += String(((await once(socket, "data")) as [Buffer])[0]);
    socket.destroy();
  });
});

describe("what an aggregated API serves", () => {
  for (const isOld of [false, true])
    test(`is found as all else: ${isOld ? "of a server that knows the older lists only" : "of a new server"}`, async () => {
      await using world = await startWorld({ isOld });
      await world.serve({ groupPriorityMinimum: 17_900 });
      const body = await world.aggregated();
      const [version] = versionsOf(body);
      assert.equal(version?.freshness, "Current");
      assert.deepEqual(version.resources, [
        {
          resource: "fish",
          responseKind: { group: "sea.example.com", version: "v1", kind: "Fish" },
          scope: "Namespaced",
          singularResource: "fish",
          verbs: ["create", "delete", "get", "list", "watch"],
          shortNames: ["fi"],
          categories: ["animals"],
          subresources: [
            {
              subresource: "status",
              responseKind: { group: "sea.example.com", version: "v1", kind: "Fish" },
              verbs: ["get"],
            },
          ],
        },
      ]);
      const { groups } = (await send(world.fixture, "GET", "/apis")).body as { groups: { name: string }[] };
      const names = groups.map((each) => each.name);
      assert.ok(names.indexOf("sea.example.com") < names.indexOf("apps"), names.join());
      const group = (await send(world.fixture, "GET", "/apis/sea.example.com")).body as unknown as JsonGroup;
      assert.equal(group.preferredVersion.groupVersion, "sea.example.com/v1");
      const index = (await send(world.fixture, "GET", "/openapi/v3")).body as { paths: object };
      assert.equal("apis/sea.example.com/v1" in index.paths, !isOld);
      const swagger = (await send(world.fixture, "GET", "/openapi/v2")).body as { definitions: object };
      assert.equal("com.example.sea.v1.Fish" in swagger.definitions, !isOld);
      await world.fixture.client.delete(resourceTypes.apiservices, undefined, name);
      await world.gone();
      const { status } = await send(world.fixture, "GET", "/apis/sea.example.com");
      assert.equal(status, 404);
    });
});

test("a metrics-server is not asked, because it would find no kubelet here", async () => {
  await using world = await startWorld();
  const { fixture } = world;
  const metrics = { group: "metrics.k8s.io", version: "v1beta1" };
  await fixture.client.create<KubeObject>(resourceTypes.apiservices, {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.k8s.io" },
    spec: {
      ...metrics,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: "kube-system", name: "metrics-server" },
    },
  });
  const { status, body } = await send(fixture, "GET", "/apis/metrics.k8s.io/v1beta1/pods");
  assert.deepEqual([status, body["kind"]], [200, "PodMetricsList"]);
});

test("the groups that the server has itself have APIServices, and those of custom kinds come and go with them", async () => {
  const fixture = await startApi();
  await using _api = await fixture.start();
  const read = async () => {
    const { items } = await fixture.client.list<ApiService>(resourceTypes.apiservices);
    return new Map(items.map((each) => [each.metadata.name, each]));
  };
  const own = await read();
  assert.deepEqual(own.get("v2.autoscaling")?.spec, {
    group: "autoscaling",
    version: "v2",
    groupPriorityMinimum: 17_500,
    versionPriority: 30,
  });
  assert.deepEqual(own.get("v1.")?.spec, { version: "v1", groupPriorityMinimum: 18_000, versionPriority: 1 });
  const [available] = own.get("v1.apps")?.status?.conditions ?? [];
  assert.deepEqual([available?.status, available?.reason], ["True", "Local"]);
  assert.equal(own.has("v1.apiregistration.k8s.io") || own.has("v1beta1.metrics.k8s.io"), false);
  const versions = [
    { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
  ];
  await fixture.client.create<KubeObject>(resourceTypes.customresourcedefinitions, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "boats.sea.example.com" },
    spec: {
      group: "sea.example.com",
      scope: "Namespaced",
      names: { plural: "boats", kind: "Boat" },
      versions,
    },
  });
  assert.equal((await read()).get("v1.sea.example.com")?.spec.groupPriorityMinimum, 1000);
  const change = (patch: object) =>
    fixture.client.patch(resourceTypes.apiservices, undefined, name, "merge", patch);
  await change({ spec: { groupPriorityMinimum: 7 } });
  assert.equal((await read()).get(name)?.spec.groupPriorityMinimum, 1000);
  await fixture.client.delete(resourceTypes.apiservices, undefined, name);
  assert.equal((await read()).get(name)?.spec.groupPriorityMinimum, 1000);
  await change({ metadata: { labels: null }, spec: { groupPriorityMinimum: 7 } });
  assert.equal((await read()).get(name)?.spec.groupPriorityMinimum, 7);
  await fixture.client.delete(resourceTypes.apiservices, undefined, name);
  const definitions = resourceTypes.customresourcedefinitions;
  await fixture.client.delete(definitions, undefined, "boats.sea.example.com");
  assert.equal((await read()).has("v1.sea.example.com"), false);
});

const name = "v1.sea.example.com";

interface JsonGroup {
  readonly preferredVersion: { readonly groupVersion: string };
}

interface ListedVersion {
  readonly version: string;
  readonly freshness: string;
  readonly resources: readonly object[];
}

function versionsOf(body: unknown): readonly ListedVersion[] {
  const { items } = body as {
    items: { metadata: { name: string }; versions: ListedVersion[] }[];
  };
  return items.find(({ metadata }) => metadata.name === "sea.example.com")?.versions ?? [];
}

/** An API server, and an extension API server behind the Service `sea`. */
async function startWorld(options: { readonly isOld?: boolean } = {}) {
  const resources = new AsyncDisposableStack();
  const fixture = await startApi({
    startMs: Date.now(),
    network: {
      async dial(_ip, port) {
        const socket = connect(port, "127.0.0.1");
        await once(socket, "connect");
        return socket;
      },
    },
  });
  const authority = newAuthority();
  const pair = authority.issue({ commonName: "sea", usage: "server", dnsNames: ["sea.default.svc"] });
  const extension: ExtensionServer = resources.use(
    await startExtension({
      ...pair,
      proxyAuthority: fixture.signer.frontProxyAuthority,
      answer: createFishExtension(options),
    }),
  );
  const api: ListeningApi = resources.use(await fixture.start());
  const kubeconfig: KubeconfigConnection = await readKubeconfig({ text: api.kubeconfig });
  const connection = () => {
    const { hostname, port } = new URL(api.url);
    const { ca, cert, key } = kubeconfig;
    return { hostname, port, ca, cert, key, agent: false as const };
  };

  function open(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const request = sendHttps({
      ...connection(),
      method,
      path,
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
    });
    request.on("error", () => {});
    request.end(body === undefined ? undefined : JSON.stringify(body));
    return once(request, "response").then(([answer]) => [request, answer as IncomingMessage] as const);
  }

  async function ask(...asked: Parameters<typeof open>) {
    const [, answer] = await open(...asked);
    let text = "";
    for await (const piece of answer as AsyncIterable<Buffer>) text += piece.toString("utf8");
    return { answer, text };
  }

  /** Resolves when an APIService is as it should be. */
  async function until(isGood: (object: ApiService | undefined) => boolean): Promise<ApiService | undefined> {
    const type = resourceTypes.apiservices;
    const { items, resourceVersion } = await fixture.client.list<ApiService>(type);
    const found = items.find(({ metadata }) => metadata.name === name);
    if (isGood(found)) return found;
    const done = new AbortController();
    try {
      for await (const { type: event, object } of fixture.client.watch<ApiService>(type, {
        resourceVersion,
        signal: done.signal,
      })) {
        const now = event === "DELETED" ? undefined : object;
        if (object.metadata.name === name && isGood(now)) return now;
      }
      return assert.fail("the watch ended");
    } finally {
      done.abort();
    }
  }

  const createService = () =>
    fixture.client.create(resourceTypes.services, service("sea", { ports: [{ port: 443, name: "https" }] }));
  const createSlice = () => fixture.client.create(resourceTypes.endpointslices, slice(extension.port));
  const createApiService = (spec: object = {}) =>
    fixture.client.create<KubeObject>(resourceTypes.apiservices, {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name },
      spec: {
        group: "sea.example.com",
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 10,
        service: { namespace: "default", name: "sea" },
        caBundle: Buffer.from(authority.cert).toString("base64"),
        ...spec,
      },
    });

  const reasonIs = async (reason: string): Promise<Condition> => {
    const has = (object: ApiService | undefined) =>
      object?.status?.conditions?.find((each) => each.reason === reason);
    const found = has(await until((object) => has(object) !== undefined));
    return found ?? assert.fail();
  };

  return {
    fixture,
    extension,
    connection,
    open,
    ask,
    createService,
    createSlice,
    createApiService,
    reasonIs,
    gone: () => until((object) => object === undefined),
    async serve(spec: object = {}) {
      await createService();
      await createSlice();
      await createApiService(spec);
      await reasonIs("Passed");
    },
    async aggregated() {
      const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      const { text } = await ask("GET", "/apis", undefined, { accept });
      return JSON.parse(text) as unknown;
    },
    async allow(user: string) {
      const apiGroup = "rbac.authorization.k8s.io";
      const rules = [{ apiGroups: ["sea.example.com"], resources: ["*"], verbs: ["*"] }];
      await send(fixture, "POST", `/apis/${apiGroup}/v1/clusterroles`, { metadata: { name: "sea" }, rules });
      await send(fixture, "POST", `/apis/${apiGroup}/v1/clusterrolebindings`, {
        metadata: { name: "sea" },
        roleRef: { apiGroup, kind: "ClusterRole", name: "sea" },
        subjects: [{ apiGroup, kind: "User", name: user }],
      });
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function slice(port: number, isReady = true): EndpointSlice {
  const labels = { "kubernetes.io/service-name": "sea" };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "sea-1", namespace: "default", labels },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"], conditions: { ready: isReady } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}

function newAuthority(): CertificateAuthority {
  const now = Date.now();
  return createCertificateAuthority("the sea", {
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + dayMs),
  });
}
