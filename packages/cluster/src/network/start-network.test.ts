import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { createClient, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Ingress } from "@seaworthy/kube";
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
