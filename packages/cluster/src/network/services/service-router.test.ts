import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import type { SeaworthyError } from "@seaworthy/errors";
import type { Service } from "@seaworthy/kube";
import { seededRandom } from "../../random.ts";
import { createPodNetwork } from "../pods/create-pod-network.ts";
import { createEndpointView } from "../endpoints/endpoint-view.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { freePort } from "../../testing/free-port.ts";
import { startNodePorts } from "./node-port.ts";
import { createServiceForwards } from "./service-forwards.ts";
import { indexSlices } from "../endpoints/slices-by-service.ts";
import { createServiceRouter } from "./service-router.ts";
import { fakeInformer, startFakePod, webService, webSlice } from "../testing/test-data-plane.ts";

test("new connections are spread over the ready endpoints, by name, port name and clusterIP", async () => {
  await using plane = await startPlane();
  plane.slices.put(webSlice("10.0.0.1", "10.0.0.2", { ip: "10.0.0.3", ready: false }));
  const peers = new Map<string, number>();
  for (let count = 0; count < 60; count += 1) {
    const [name, port] = count % 2 === 0 ? ["web", 80] : ["10.96.0.10", "http"];
    const { socket, peer } = await plane.router.dialService("default", name, port, 100);
    socket.destroy();
    peers.set(peer, (peers.get(peer) ?? 0) + 1);
  }
  assert.deepEqual([...peers.keys()].sort(), ["10.0.0.1:8080", "10.0.0.2:8080"]);
  for (const count of peers.values()) assert.ok(count > 15);
});

test("without a ready endpoint, those that terminate and still serve are used; then it refuses", async () => {
  await using plane = await startPlane();
  const draining = { ip: "10.0.0.1", ready: false, serving: true, terminating: true };
  plane.slices.put(webSlice(draining, { ip: "10.0.0.2", ready: false, serving: false, terminating: true }));
  assert.equal(await plane.peer(), "10.0.0.1:8080");
  plane.slices.put(webSlice());
  await assert.rejects(plane.peer(), { code: "ECONNREFUSED" });
  await assert.rejects(plane.router.dialService("default", "none", 80, 100), { code: "ENOTFOUND" });
  await assert.rejects(plane.router.dialService("default", "web", 81, 100), { code: "ECONNREFUSED" });
});

test("errors carry the peer: refused by a dead pod, then a black hole once its network is gone", async () => {
  await using plane = await startPlane();
  plane.slices.put(webSlice("10.0.0.1"));
  await plane.pods[0]?.die();
  await assert.rejects(plane.peer(), { code: "ECONNREFUSED", peer: "10.0.0.1:8080" });
  plane.podNetwork.detach("10.0.0.1");
  const dialled = plane.peer();
  plane.clock.advance(99);
  assert.equal(plane.clock.waiting, 1);
  plane.clock.advance(1);
  await assert.rejects(dialled, { code: "ETIMEDOUT", peer: "10.0.0.1:8080" });
});

test("a client that comes round its ports is led to the pod that did not answer there", async () => {
  await using plane = await startPlane();
  for (const ip of ["10.0.0.1", "10.0.0.2"]) plane.podNetwork.detach(ip);
  const peersOf = async (dials: number) => {
    const dialled = Array.from({ length: dials }, () =>
      plane.peer().catch(({ peer }: { readonly peer: string }) => peer),
    );
    plane.clock.advance(100);
    return await Promise.all(dialled);
  };
  plane.slices.put(webSlice("10.0.0.1"));
  await peersOf(3_200);
  plane.slices.put(webSlice("10.0.0.2"));
  assert.ok((await peersOf(100)).includes("10.0.0.1:8080"));
  plane.clock.advance(120_000);
  assert.deepEqual(new Set(await peersOf(100)), new Set(["10.0.0.2:8080"]));
});

test("a black hole tells a small share at once, and a never used address is unreachable", async () => {
  const clock = fakeClock();
  const network = createPodNetwork({ clock, random: seededRandom(1) });
  await assert.rejects(network.dial("10.0.0.9", 80, 100), { code: "EHOSTUNREACH" });
  await using pod = await startFakePod("10.0.0.1", () => {});
  network.attach(pod);
  network.detach("10.0.0.1");
  const results = Array.from({ length: 1000 }, () =>
    network.dial("10.0.0.1", 80, 100).then(String, (error: NodeJS.ErrnoException) => error.code),
  );
  clock.advance(100);
  const unreachable = (await Promise.all(results)).filter((code) => code === "EHOSTUNREACH").length;
  assert.ok(unreachable > 3 && unreachable < 40, `${unreachable} of 1000`);
  network.attach(pod);
  (await network.dial("10.0.0.1", 8080, 100)).destroy();
});

test("a pod with an address of this machine is connected to by who asks, and a gone one is a black hole", async () => {
  await using plane = await startPlane({}, { onMachine: true });
  plane.slices.put(webSlice("10.0.0.1"));
  const led = await plane.router.leadToService("default", "web", 80, 100);
  assert.ok("host" in led);
  assert.deepEqual([led.host, led.port, led.peer], ["10.0.0.1", 8080, "10.0.0.1:8080"]);
  plane.podNetwork.detach("10.0.0.1");
  const gone = Array.from({ length: 20 }, () => plane.router.leadToService("default", "web", 80, 100));
  const codes = Promise.all(
    gone.map((each) => each.then(String, (error: NodeJS.ErrnoException) => error.code)),
  );
  await new Promise((resolve) => setImmediate(resolve));
  plane.clock.advance(100);
  assert.ok((await codes).includes("ETIMEDOUT"));
});

test("a pod that only this process reaches is connected to by the router", async () => {
  await using plane = await startPlane();
  plane.slices.put(webSlice("10.0.0.1"));
  const led = await plane.router.leadToService("default", "web", 80, 100);
  assert.ok("socket" in led);
  led.socket.destroy();
});

test("ClientIP affinity keeps a client with its pod until the pod leaves", async () => {
  await using plane = await startPlane({ sessionAffinity: "ClientIP" });
  plane.slices.put(webSlice("10.0.0.1", "10.0.0.2"));
  const first = await plane.peer("1.1.1.1");
  for (let count = 0; count < 8; count += 1) assert.equal(await plane.peer("1.1.1.1"), first);
  const other = first.startsWith("10.0.0.1") ? "10.0.0.2" : "10.0.0.1";
  plane.slices.put(webSlice(other));
  assert.equal(await plane.peer("1.1.1.1"), `${other}:8080`);
});

test("a headless Service leads to the pods' own ports", async () => {
  await using plane = await startPlane({ clusterIP: "None" });
  plane.slices.put(webSlice("10.0.0.1"));
  const { socket, peer } = await plane.router.dialService("default", "web", 8080, 100);
  socket.destroy();
  assert.equal(peer, "10.0.0.1:8080");
  await assert.rejects(plane.router.dialService("default", "web", 80, 100), { code: "ECONNREFUSED" });
});

test("slices of one Service may have a port number each, and leave out pods that lack the port", async () => {
  await using plane = await startPlane({ ports: [{ name: "http", port: 80, targetPort: "http" }] });
  const slice = webSlice("10.0.0.1");
  const other = { ...webSlice("10.0.0.2"), ports: [] };
  plane.slices.put(slice);
  plane.slices.put({ ...other, metadata: { ...other.metadata, name: "web-2" } });
  for (let count = 0; count < 8; count += 1) assert.equal(await plane.peer(), "10.0.0.1:8080");
  plane.slices.put({ ...slice, ports: [{ name: "http", port: 9090, protocol: "TCP" }] });
  await assert.rejects(plane.peer(), { code: "ECONNREFUSED", peer: "10.0.0.1:9090" });
});

test("a port number that UDP has, too, means TCP", async () => {
  const ports = [
    { name: "quic", port: 80, targetPort: 8443, protocol: "UDP" },
    { name: "http", port: 80, targetPort: 8080, protocol: "TCP" },
  ];
  await using plane = await startPlane({ ports });
  plane.slices.put({
    ...webSlice("10.0.0.1"),
    ports: ports.map(({ name, targetPort: port, protocol }) => ({ name, port, protocol })),
  });
  assert.equal(await plane.peer(), "10.0.0.1:8080");
});

test("a forward leads to a Service of any type, each connection to an endpoint of now, and ends with its owner", async () => {
  await using plane = await startPlane();
  await using forwards = createServiceForwards(plane.router);
  plane.slices.put(webSlice("10.0.0.1"));
  const port = await forwards.open("default", "web", 80);
  assert.match(await get(port), /^HTTP\/1.1 200 OK[^]*hello$/);
  assert.equal(await forwards.open("default", "web", 80), port);
  assert.notEqual(await forwards.open("default", "web", "http"), port);
  plane.slices.put(webSlice("10.0.0.2"));
  await plane.pods[0]?.die();
  assert.match(await get(port), /hello$/);
  plane.slices.put(webSlice());
  await assert.rejects(get(port), { code: "ECONNRESET" });
  plane.slices.put(webSlice("10.0.0.2"));
  const open = connect(port, "127.0.0.1").on("error", () => {});
  await once(open, "connect");
  await forwards[Symbol.asyncDispose]();
  if (!open.closed) await once(open, "close");
  await assert.rejects(get(port), { code: "ECONNREFUSED" });
});

test("a node port passes connections on, follows its Service, and a taken one is a problem", async () => {
  await using plane = await startPlane();
  plane.slices.put(webSlice("10.0.0.1"));
  const problems: SeaworthyError[] = [];
  await using ports = startNodePorts({
    services: plane.services,
    router: plane.router,
    onProblem: (error) => problems.push(error),
  });
  assert.deepEqual(ports.list(), []);
  const nodePort = await freePort();
  plane.services.put(webService({ type: "NodePort", ports: [{ name: "http", port: 80, nodePort }] }));
  const text = await get(nodePort);
  assert.match(text, /^HTTP\/1.1 200 OK[^]*hello$/);
  assert.deepEqual(ports.list(), [{ service: "default/web", port: 80, nodePort }]);

  plane.slices.put(webSlice());
  await assert.rejects(get(nodePort), { code: "ECONNRESET" });
  plane.services.put(webService());
  assert.deepEqual(ports.list(), []);
  await assert.rejects(get(nodePort), { code: "ECONNREFUSED" });

  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const taken = (holder.address() as AddressInfo).port;
  plane.services.put(webService({ type: "NodePort", ports: [{ port: 80, nodePort: taken }] }));
  while (problems.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(problems[0]?.code, "SW2001");
  assert.equal(problems[0]?.details.object, "Service default/web");
  assert.match(problems[0]?.message ?? "", new RegExp(String(taken)));
  holder.close();
});

async function startPlane(spec: Partial<Service["spec"]> = {}, { onMachine = false } = {}) {
  await using stack = new AsyncDisposableStack();
  const clock = fakeClock();
  const random = seededRandom(3);
  const podNetwork = createPodNetwork({ clock, random, onMachine });
  const pods = [];
  for (const ip of ["10.0.0.1", "10.0.0.2"]) {
    const pod = stack.use(await startFakePod(ip, (_request, response) => response.end("hello")));
    podNetwork.attach(pod);
    pods.push(pod);
  }
  const services = fakeInformer(webService(spec));
  const slices = fakeInformer(webSlice());
  const view = createEndpointView({ propagation: { kind: "instant" }, workers: 1, clock, random });
  stack.use(indexSlices(slices)).feed(view);
  const router = createServiceRouter({ services, view, podNetwork, clock, random });
  const resources = stack.move();
  return {
    clock,
    podNetwork,
    pods,
    services,
    slices,
    router,
    async peer(clientIp?: string) {
      const { socket, peer } = await router.dialService("default", "web", 80, 100, clientIp);
      socket.destroy();
      return peer;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function get(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}
