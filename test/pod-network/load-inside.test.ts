import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { test } from "node:test";
import { createPlan, startLoad, steadyPace, type Target } from "@seaworthy/load";
import { resourceTypes, type Ingress, type Service } from "@seaworthy/kube";
import { skipWithoutNetwork, startTalkingCluster } from "./talking-pods.ts";

test(
  "a load that is sent from the cluster's network meets pods and the Ingress there",
  { skip: skipWithoutNetwork, timeout: 60_000 },
  async () => {
    await using world = await startTalkingCluster({ nodes: 1 });
    const { cluster } = world;
    const [one, two] = await world.start(
      { name: "one", labels: { tier: "web" } },
      { name: "two", labels: { tier: "web" } },
    );
    await cluster.client.create<Service>(resourceTypes.services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { tier: "web" }, ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }] },
    });
    await cluster.client.create<Ingress>(resourceTypes.ingresses, {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "web", namespace: "default" },
      spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
    });
    const peers = new Set<string>();
    const choose = () => {
      const chosen = cluster.chooseEndpoint("default", "web", 80);
      peers.add(chosen.peer);
      return chosen;
    };
    const isRouted = async () => (await fetch(cluster.ingressUrl)).status === 200;
    while (!(await isRouted().catch(() => false)) || peers.size < 2)
      try {
        choose();
      } catch {
        // The data plane has not heard of the pods yet.
      }
    const edge = (port: number) => ({ kind: "tcp", host: "127.0.0.1", port }) as const;
    const like = { hostHeader: "web", path: "/" };
    const targets: Target[] = [
      { name: "service", via: { kind: "dialed" }, ...like },
      { name: "ingress", via: edge(cluster.ingressPort), ...like },
      { name: "ingress-tls", via: edge(cluster.ingressTlsPort), tls: { insecure: true }, ...like },
      {
        name: "ingress-h2",
        protocol: "h2",
        via: edge(cluster.ingressTlsPort),
        tls: { insecure: true },
        ...like,
      },
    ];
    const plan = createPlan({
      targets,
      pace: steadyPace(100, 60_000),
      clients: ["keep-alive", "new-connection"],
      maxRequests: 200,
      maxLagP99Ms: 10_000,
    });
    const enter = await cluster.enterNetwork();
    assert.ok(enter !== undefined);
    await using load = await startLoad(plan, { enter, dial: async () => choose() });
    const [processId] = load.processIds;
    const networkOf = (id: number | string) => readlinkSync(`/proc/${id}/ns/net`);
    assert.notEqual(networkOf(processId ?? 0), networkOf("self"));
    const report = await load.report;
    assert.deepEqual(report.failures, []);
    assert.equal(report.ok, 200);
    assert.deepEqual([...peers].sort(), [one, two].map((pod) => `${pod?.status?.podIP}:8080`).sort());
  },
);
