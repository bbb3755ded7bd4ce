import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { selfSigned } from "@seaworthy/certificates";
import { createClient, type KubeClient } from "@seaworthy/client";
import {
  gatewayDefinitionOf,
  gatewayTypes,
  resourceTypes,
  type Gateway,
  type HttpRoute,
  type Ingress,
  type Secret,
} from "@seaworthy/kube";
import { createApiServer } from "../apiserver/create-api-server.ts";
import { systemClock } from "../clock.ts";
import { seededRandom } from "../random.ts";
import { createPodNetwork } from "./pods/create-pod-network.ts";
import { profiles, type Profile } from "../profiles.ts";
import { startNetwork } from "./start-network.ts";
import { ingressOf, startFakePod, webService, webSlice } from "./testing/test-data-plane.ts";

test("an Ingress, a Service and a node port lead to the pod that an EndpointSlice names", async () => {
  await using plane = await startPlane(profiles.instant);
  const { client, network, notices } = plane;
  const ingress = ingressOf("web", [["", "/", "Prefix", "web"]]);
  await client.create(resourceTypes.ingresses, {
    ...ingress,
    metadata: { name: "web", namespace: "default" },
    spec: { ...ingress.spec, ingressClassName: "strange" },
  });
  await client.create(resourceTypes.services, {
    ...webService({ type: "NodePort", ports: [{ name: "http", port: 80, targetPort: 8080 }] }),
    metadata: { name: "web", namespace: "default" },
  });
  await client.create(resourceTypes.endpointslices, webSlice("10.0.0.1"));

  await until(async () => (await statusOf(network.ingressUrl)) === 200);
  const { socket, peer } = await network.dialService("default", "web", "http", 1000);
  assert.equal(peer, "10.0.0.1:8080");
  assert.equal(socket.bytesRead, 0);
  socket.destroy();
  await until(async () => network.nodePorts().length === 1);
  const nodePort = network.nodePorts()[0]?.nodePort ?? 0;
  assert.equal(await statusOf(`http://127.0.0.1:${nodePort}`), 200);
  await until(async () => {
    const { status } = await client.get<Ingress>(resourceTypes.ingresses, "default", "web");
    return status?.loadBalancer?.ingress?.[0]?.ip === "127.0.0.1";
  });
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? "", /no IngressClass strange here \(Ingress default\/web names it\)/);
});

test("a taken Ingress port is told before anything else is started", async () => {
  await using plane = await startPlane(profiles.instant);
  await assert.rejects(startPlane(profiles.instant, plane.network.ingressPort), { code: "SW2001" });
});

test("the Ingress answers in TLS, with the certificate of the Secret as it is now", async () => {
  await using plane = await startPlane(profiles.instant);
  const { client, network } = plane;
  const { spec, ...ingress } = ingressOf("web", [["localhost", "/", "Prefix", "web"]]);
  await client.create(resourceTypes.ingresses, {
    ...ingress,
    metadata: { name: "web", namespace: "default" },
    spec: { ...spec, tls: [{ hosts: ["localhost"], secretName: "web-tls" }] },
  });
  const shown = async () => await commonNameAt(network.ingressTlsPort, "localhost");
  assert.equal(await shown(), "Kubernetes Ingress Controller Fake Certificate");
  const secret = (commonName: string): Secret => {
    const { cert, key } = selfSigned({ commonName });
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "web-tls", namespace: "default" },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": cert, "tls.key": key },
    };
  };
  await client.create(resourceTypes.secrets, secret("first"));
  await until(async () => (await shown()) === "first");
  const { stringData } = secret("second");
  await client.patch(resourceTypes.secrets, "default", "web-tls", "merge", { stringData });
  await until(async () => (await shown()) === "second");
});

test("a Gateway and an HTTPRoute are served from the moment when somebody has defined their kinds", async () => {
  await using plane = await startPlane(profiles.instant);
  const { client, network, notices } = plane;
  const { gateways, httproutes } = gatewayTypes;
  const apiVersion = "gateway.networking.k8s.io/v1";
  for (const { kind, version } of Object.values(gatewayTypes)) {
    const definition = gatewayDefinitionOf({ apiVersion: `gateway.networking.k8s.io/${version}`, kind });
    await client.create(resourceTypes.customresourcedefinitions, definition!);
  }
  await client.create(resourceTypes.services, {
    ...webService(),
    metadata: { name: "web", namespace: "default" },
  });
  await client.create(resourceTypes.endpointslices, webSlice("10.0.0.1"));
  await client.create<Gateway>(gateways, {
    apiVersion,
    kind: "Gateway",
    metadata: { name: "edge", namespace: "default" },
    spec: { gatewayClassName: "strange", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  });
  await client.create<HttpRoute>(httproutes, {
    apiVersion,
    kind: "HTTPRoute",
    metadata: { name: "web", namespace: "default" },
    spec: {
      parentRefs: [{ name: "edge" }],
      rules: [
        {
          backendRefs: [
            { name: "web", port: 80, weight: 90 },
            { name: "missing", port: 80, weight: 10 },
          ],
        },
      ],
    },
  });
  await until(async () => [200, 500].includes((await statusOf(network.ingressUrl)) ?? 0));
  const counts = new Map<number, number>();
  for (let count = 0; count < 1_000; count += 1) {
    const status = (await statusOf(network.ingressUrl)) ?? 0;
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].toSorted(), [200, 500]);
  // Five standard deviations: sqrt(1000 · 0.9 · 0.1) is 9.5.
  assert.ok(Math.abs((counts.get(200) ?? 0) - 900) < 48, String(counts.get(200)));
  await until(async () => {
    const { status } = await client.get<HttpRoute>(httproutes, "default", "web");
    return status?.parents[0]?.conditions.at(-1)?.reason === "BackendNotFound";
  });
  const { status } = await client.get<Gateway>(gateways, "default", "edge");
  assert.deepEqual([status?.addresses?.[0]?.value, status?.listeners?.[0]?.attachedRoutes], ["127.0.0.1", 1]);
  // What is not there is told of after a moment, because it may come as the next object.
  await until(async () => notices.length === 1);
  assert.match(notices[0] ?? "", /no GatewayClass strange here/);
  await client.delete(
    resourceTypes.customresourcedefinitions,
    undefined,
    "httproutes.gateway.networking.k8s.io",
  );
  await until(async () => (await statusOf(network.ingressUrl)) === 404);
});

async function commonNameAt(port: number, servername: string): Promise<string> {
  // Whose certificate it is is the question here, and not whether it can be trusted.
  const socket = connectTls({ port, host: "127.0.0.1", servername, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function startPlane(profile: Profile, ingressPort = 0) {
  await using stack = new AsyncDisposableStack();
  const random = seededRandom(5);
  const api = createApiServer({
    clock: systemClock,
    random,
  });
  const client: KubeClient = createClient(api.transport);
  await client
    .create(resourceTypes.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } })
    .catch(() => {});
  const podNetwork = createPodNetwork({ clock: systemClock, random });
  const pod = stack.use(await startFakePod("10.0.0.1", (_request, response) => response.end("hello")));
  podNetwork.attach(pod);
  const notices: string[] = [];
  const network = stack.use(
    await startNetwork({
      client,
      clock: systemClock,
      random,
      podNetwork,
      profile,
      ingressPort,
      ingressTlsPort: 0,
      onProblem: (error) => {
        throw error;
      },
      onNotice: (text) => notices.push(text),
    }),
  );
  const resources = stack.move();
  return { client, network, notices, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, "it did not happen within 5 s");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function statusOf(url: string): Promise<number | undefined> {
  const request = httpRequest(url, { agent: false });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}
