import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { describe, it, type TestContext } from "node:test";
import type { Route } from "@seaworthy/app";
import type { KubeClient } from "@seaworthy/client";
import { formatNotice, SeaworthyError, type Notice } from "@seaworthy/errors";
import { parseManifests, type EndpointSlice, type Pod } from "@seaworthy/kube";
import { chooseTargets } from "./choose-targets.ts";
import { dialTcp } from "./dial-tcp.ts";
import type { Way } from "./way.ts";

/** What a pod of a test is: its Service, its Deployment, and the local server that answers for it. */
interface TestPod {
  readonly service: string;
  readonly deployment: string;
  readonly server: Server;
  readonly declares?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

const says = (get: number, post = get) =>
  http((request, response) => response.writeHead(request.method === "POST" ? post : get).end());
const http = (listener: RequestListener) => createServer(listener);
const codes = (code: string) =>
  createHttp2Server().on("stream", (stream) =>
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-status": code },
      { endStream: true },
    ),
  );
const mute = () =>
  createTcpServer((socket) => socket.on("error", () => {}).once("data", () => socket.destroy()));

describe("chooseTargets", { concurrency: true }, () => {
  it("leaves out what cannot be judged, one notice for each reason, and tries POST where it is taken", async (context) => {
    const world = await worldOf(context, [
      { service: "web", deployment: "web", server: says(200) },
      { service: "web", deployment: "web", server: says(200) },
      { service: "reads", deployment: "reads", server: says(204, 405) },
      { service: "shut", deployment: "shut", server: says(403) },
      { service: "db", deployment: "db", server: mute() },
      { service: "cache", deployment: "cache", server: mute() },
    ]);
    const ways = ["web", "reads", "shut", "db", "cache"].map((name) => world.way(name));
    const before = [{ reason: "external", what: "Service blog" }] as const;
    const targets = await chooseTargets(ways, before, world.options);
    assert.deepEqual(
      targets.map(({ name, methods, steady }) => [name, methods.join(), steady]),
      [
        ["service web:80", "GET,POST", undefined],
        ["service reads:80", "GET", undefined],
        ["service shut:80", "GET,POST", 403],
      ],
    );
    assert.deepEqual(
      world.notices.map((text) => text.split(":")[0]),
      [
        "left out, because nothing is sent outside the cluster",
        "left out, because it does not speak HTTP/1.1",
        "no path is answered with 200-399 but always alike, which is judged, too (--path names a better one)",
        "POST is not taken, so only GET is tried",
      ],
    );
    assert.match(world.notices[1] ?? "", /Service db:80 \(.*\), Service cache:80 \(.*\)/);
  });

  it("calls where gRPC is declared, takes a code that is always the same, and says what else was there", async (context) => {
    const grpc = { isGrpc: true, paths: [{ path: "/a.B/C", appPath: "/a.B/C" }] } as const;
    const world = await worldOf(context, [
      { service: "carts", deployment: "carts", server: codes("0") },
      { service: "plain", deployment: "plain", server: codes("12") },
      { service: "sick", deployment: "sick", server: codes("14") },
      { service: "web", deployment: "web", server: says(200) },
    ]);
    const ways = ["carts", "plain", "sick", "web"].map((name) => world.way(name, grpc));
    const targets = await chooseTargets(ways, [], world.options);
    assert.deepEqual(
      targets.map(({ name, methods, steady }) => [name, methods.join(), steady]),
      [
        ["service carts:80", "POST", undefined],
        ["service plain:80", "POST", 12],
      ],
    );
    assert.match(
      world.notices[0] ?? "",
      /^left out, because gRPC .*: Service sick:80 \(call of a\.B\/C UNAVAILABLE\), Service web:80 \(/,
    );
    assert.match(world.notices[1] ?? "", /service plain:80 \(call of a\.B\/C UNIMPLEMENTED\)/);
  });

  it("takes of a group the first that is answered well, and the plain name when it is alone", async (context) => {
    const world = await worldOf(context, [
      { service: "admin", deployment: "web", server: says(404) },
      { service: "web", deployment: "web", server: says(200) },
    ]);
    const ways = ["admin", "web"].map((name) => world.way(name, { group: "default/web" }));
    const [only, ...more] = await chooseTargets(ways, [], world.options);
    assert.deepEqual([only?.name, only?.way.route.service, more], ["service", "web", []]);
  });

  it("does not take a way along which the answer is another one", async (context) => {
    const world = await worldOf(context, [{ service: "web", deployment: "web", server: says(200) }]);
    const edge = await listening(context, says(503));
    const good = world.way("web");
    const bad: Way = {
      ...good,
      isEdge: true,
      dial: (ms) => dialTcp("127.0.0.1", edge, ms),
      route: { ...good.route, label: "Ingress shop.example/", group: "edge" },
    };
    const targets = await chooseTargets([good, bad], [], world.options);
    assert.deepEqual(
      targets.map(({ name }) => name),
      ["service"],
    );
    assert.deepEqual(world.notices, [
      "left out, because the pods answer, but not through it: Ingress shop.example/ (GET / 503)",
    ]);
  });

  it("says what was asked and answered when nothing is left", async (context) => {
    const world = await worldOf(context, [
      { service: "broken", deployment: "broken", server: says(500) },
      { service: "db", deployment: "db", server: mute() },
    ]);
    const paths = ["/shop", "/"].map((path) => ({ path, appPath: path }));
    const error = await chooseTargets(
      [world.way("broken", { paths }), world.way("db")],
      [],
      world.options,
    ).catch((reason: unknown) => reason);
    assert.ok(error instanceof SeaworthyError);
    assert.equal(error.code, "SW1202");
    assert.deepEqual(error.details.seen, [
      "no path that was asked is answered alike by every pod: Service broken:80 (GET /shop 500; GET / 500)",
      "it does not speak HTTP/1.1: Service db:80 (GET / closed without an answer)",
    ]);
  });

  it("names the pods of another workload, the selector and a label that does not change", async (context) => {
    const stray = { service: "web", deployment: "jobs", server: mute(), declares: false };
    const world = await worldOf(context, [
      {
        service: "web",
        deployment: "web",
        server: says(200),
        labels: { commit: "a1", part: "web", tier: "front" },
      },
      { ...stray, labels: { commit: "b2", part: "jobs" } },
    ]);
    const error = await chooseTargets([world.way("web")], [], world.options).catch(
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SeaworthyError);
    assert.deepEqual([error.code, error.details.place?.line], ["SW1210", 12]);
    assert.match(
      error.details.seen?.join("\n") ?? "",
      /^the selector: shop=all\n.*jobs-1 of Deployment jobs: closed without an answer\n1 of Deployment web answer$/,
    );
    assert.deepEqual(error.details.next, ["add to spec.selector of Service web: `tier: front`"]);
  });

  it("where pods cannot be asked, goes by what they declare", async (context) => {
    let count = 0;
    const flaky = http((_request, response) => response.writeHead((count += 1) % 3 === 0 ? 502 : 200).end());
    const world = await worldOf(context, [
      { service: "web", deployment: "web", server: says(200) },
      { service: "web", deployment: "jobs", server: says(200), declares: false },
    ]);
    const edge = await listening(context, flaky);
    const way: Way = { ...world.way("web"), isOpaque: true, dial: (ms) => dialTcp("127.0.0.1", edge, ms) };
    const options = { ...world.options, dialPod: undefined, timeoutMs: 30_000 };
    const error = await chooseTargets([way], [], options).catch((reason: unknown) => reason);
    assert.ok(error instanceof SeaworthyError && error.code === "SW1210", String(error));
    assert.match(
      error.details.seen?.join("\n") ?? "",
      /jobs-1 of Deployment jobs: does not declare the port\n1 of Deployment web declare it/,
    );
  });

  it("waits from outside until a data plane that is late has shown every pod", async (context) => {
    // As many requests as the paths are asked with find the one pod that is known by then.
    let count = 0;
    const late = http((_request, response) => {
      count += 1;
      response.writeHead(count > 12 && count % 3 === 0 ? 503 : 200).end();
    });
    const world = await worldOf(context, [
      { service: "web", deployment: "web", server: says(200) },
      { service: "web", deployment: "jobs", server: says(200), declares: false },
    ]);
    const edge = await listening(context, late);
    const way: Way = { ...world.way("web"), dial: (ms) => dialTcp("127.0.0.1", edge, ms) };
    const chosen = chooseTargets([way], [], { ...world.options, dialPod: undefined });
    await assert.rejects(chosen, { code: "SW1210" });
  });

  it("does not take a refused connection for a refused POST", async (context) => {
    const world = await worldOf(context, [{ service: "web", deployment: "web", server: says(200) }]);
    const good = world.way("web");
    let posts = 0;
    const isFirstPost = http((request, response) => {
      if (request.method === "POST" && (posts += 1) === 1) request.socket.resetAndDestroy();
      else response.writeHead(200).end();
    });
    const edge = await listening(context, isFirstPost);
    const [only] = await chooseTargets(
      [{ ...good, dial: (ms) => dialTcp("127.0.0.1", edge, ms) }],
      [],
      world.options,
    );
    assert.deepEqual([only?.methods, posts], [["GET", "POST"], 2]);
  });

  it("a 404 of an edge that cannot be looked behind may be its own, and is not judged", async (context) => {
    const world = await worldOf(context, [{ service: "web", deployment: "web", server: says(200) }]);
    const edge = await listening(context, says(404));
    const way: Way = { ...world.way("web"), isOpaque: true, dial: (ms) => dialTcp("127.0.0.1", edge, ms) };
    const chosen = chooseTargets([way], [], { ...world.options, dialPod: undefined });
    await assert.rejects(chosen, { code: "SW1202" });
  });
});

const manifests = parseManifests(
  "app.yaml",
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec: { selector: { matchLabels: { tier: front } } }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: default
spec:
  selector: { shop: all }
`,
);

async function worldOf(context: TestContext, pods: readonly TestPod[]) {
  const ports = await Promise.all(pods.map(({ server }) => listening(context, server)));
  const ipOf = (index: number) => `10.0.0.${index + 1}`;
  const notices: string[] = [];
  const slices = pods.map(({ service }, index): EndpointSlice & { service: string } => ({
    service,
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-${index}` },
    addressType: "IPv4",
    ports: [{ name: "", port: 8080 }],
    endpoints: [{ addresses: [ipOf(index)], targetRef: { kind: "Pod", name: nameOf(pods, index) } }],
  }));
  const client = {
    list: (type: { readonly kind: string }, { labelSelector = "" }: { readonly labelSelector?: string }) =>
      Promise.resolve({
        items:
          type.kind === "Pod"
            ? pods.map((_, index) => podOf(pods, index))
            : slices.filter(({ service }) => labelSelector === `kubernetes.io/service-name=${service}`),
      }),
  } as unknown as KubeClient;
  const dialPod = async (ip: string, _port: number, timeoutMs: number) =>
    (await dialTcp("127.0.0.1", ports[Number(ip.split(".")[3]) - 1] ?? 1, timeoutMs)).socket;
  return {
    notices,
    options: {
      client,
      dialPod,
      standIns: () => [],
      manifests,
      timeoutMs: 1_000,
      signal: new AbortController().signal,
      onNotice: (notice: Notice) => void notices.push(formatNotice(notice, { all: true })),
    },
    way: (service: string, changes: Partial<Route> = {}): Way => ({
      route: {
        kind: "service",
        label: `Service ${service}:80`,
        namespace: "default",
        service,
        port: 80,
        portName: "",
        dialPort: 80,
        hostHeader: service,
        paths: [{ path: "/", appPath: "/" }],
        deployments: [service],
        group: service,
        ...changes,
      },
      via: { kind: "dialed" },
      isEdge: false,
      isOpaque: false,
      dial: (timeoutMs) =>
        dialTcp("127.0.0.1", ports[pods.findIndex((pod) => pod.service === service)]!, timeoutMs),
    }),
  };
}

function nameOf(pods: readonly TestPod[], index: number): string {
  return `${pods[index]!.deployment}-${index}`;
}

function podOf(pods: readonly TestPod[], index: number): Pod {
  const { deployment, declares = true, labels = {} } = pods[index]!;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: nameOf(pods, index),
      labels: { "pod-template-hash": "abc", ...labels },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${deployment}-abc`, uid: "1", controller: true },
      ],
    },
    spec: { containers: [{ name: "app", image: "app:1", ports: declares ? [{ containerPort: 8080 }] : [] }] },
  };
}

async function listening(context: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
