import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Namespace, type NetworkPolicy, type Pod } from "@seaworthy/kube";
import { skipWithoutNetwork, startTalkingCluster, type TalkingCluster } from "./talking-pods.ts";

describe("NetworkPolicies", { skip: skipWithoutNetwork, timeout: 60_000 }, () => {
  let world: TalkingCluster;
  let client: Pod, web: Pod, other: Pod, stranger: Pod;
  const ip = (pod: Pod) => pod.status?.podIP ?? "";

  before(async () => {
    world = await startTalkingCluster();
    await world.cluster.client.create<Namespace>(resourceTypes.namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "ops", labels: { team: "ops" } },
    });
    const started = await world.start(
      { name: "client" },
      { name: "web", port: 8081 },
      { name: "other" },
      { namespace: "ops", name: "stranger" },
    );
    [client, web, other, stranger] = started as [Pod, Pod, Pod, Pod];
  });
  after(() => world[Symbol.asyncDispose]());

  /** Puts a policy for the pod `web` in force until the test ends. */
  async function policy(
    name: string,
    spec: Partial<NonNullable<NetworkPolicy["spec"]>>,
  ): Promise<AsyncDisposable> {
    const { client: api } = world.cluster;
    await api.create<NetworkPolicy>(resourceTypes.networkpolicies, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace: "default" },
      spec: { podSelector: { matchLabels: { app: "web" } }, ...spec },
    });
    return {
      [Symbol.asyncDispose]: async () => {
        await api.delete(resourceTypes.networkpolicies, "default", name);
      },
    };
  }

  const outcomes = (...pods: Pod[]) => Promise.all(pods.map((pod) => world.tryPort(pod, ip(web), 8081)));

  test("a closed pod is silent to all pods, open again without its policy, and never closed to its probes", async () => {
    assert.deepEqual(await outcomes(client, other, stranger), ["open", "open", "open"]);
    {
      await using _ = await policy("closed", { policyTypes: ["Ingress"] });
      await world.becomes("silent", client, ip(web), 8081);
      assert.deepEqual(await outcomes(other, stranger), ["silent", "silent"]);
      assert.equal(await world.ask(web, "return 1"), 1);
      assert.equal(await world.tryPort(web, ip(client), 8080), "open");
    }
    await world.becomes("open", client, ip(web), 8081);
  });

  test("pods are let in by their labels, as soon as they have them, and at a port by its name", async () => {
    await using _ = await policy("by-labels", {
      ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }], ports: [{ port: "http" }] }],
    });
    await world.becomes("silent", client, ip(web), 8081);
    const patch = { metadata: { labels: { role: "friend" } } };
    await world.cluster.client.patch(resourceTypes.pods, "default", "client", "merge", patch);
    await world.becomes("open", client, ip(web), 8081);
    assert.deepEqual(await outcomes(other, stranger), ["silent", "silent"]);
    // A refusal would tell that the packet went through.
    assert.equal(await world.tryPort(client, ip(web), 81), "silent");
  });

  test("the pods of a namespace are let in by its labels", async () => {
    await using _ = await policy("by-namespace", {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "ops" } } }] }],
    });
    await world.becomes("silent", client, ip(web), 8081);
    assert.deepEqual(await outcomes(other, stranger), ["silent", "open"]);
  });

  test("a connection that stands outlives the policy that would not let it begin", async () => {
    const begun = await world.ask(
      client,
      `
      const socket = require("node:net").connect(8081, "${ip(web)}");
      await require("node:events").once(socket, "connect");
      globalThis.kept = socket;
      return true;`,
    );
    assert.equal(begun, true);
    await using _ = await policy("closed", { policyTypes: ["Ingress"] });
    await world.becomes("silent", client, ip(web), 8081);
    const answer = await world.ask<string>(
      client,
      `
      globalThis.kept.write("GET / HTTP/1.1\\r\\nHost: web\\r\\nConnection: close\\r\\n\\r\\n");
      const chunks = await globalThis.kept.toArray();
      return Buffer.concat(chunks).toString().split("\\r\\n")[0];`,
    );
    assert.equal(answer, "HTTP/1.1 200 OK");
  });

  test("a pod that may send nothing cannot look up names, until CoreDNS is allowed by its labels", async () => {
    const lookUp = `
      const { Resolver } = require("node:dns").promises;
      return await new Resolver({ timeout: 300, tries: 1 }).resolve4("kubernetes.default.svc.cluster.local");`;
    await using _ = await policy("nothing-out", { policyTypes: ["Egress"] });
    await world.becomes("silent", web, ip(client), 8080);
    assert.equal(await world.tryPort(client, ip(web), 8081), "open");
    assert.deepEqual(await world.ask(web, lookUp), { error: "ETIMEOUT" });
    await using _second = await policy("names-and-client", {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [{ port: 53, protocol: "UDP" }],
        },
        { to: [{ podSelector: { matchLabels: { app: "client" } } }] },
      ],
    });
    await world.becomes("open", web, ip(client), 8080);
    assert.deepEqual(await world.ask(web, lookUp), ["10.96.0.1"]);
    assert.equal(await world.tryPort(web, ip(other), 8080), "silent");
  });
});

test("where pods have no network of the kernel's, it is said once that policies are not in force", async () => {
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const notices: string[] = [];
  await using cluster = await Cluster.start({
    runtime: "shim",
    profile: "instant",
    nodes: 1,
    onNotice: (text) => {
      notices.push(text);
      resolve(text);
    },
  });
  for (const name of ["first", "second"])
    await cluster.client.create<NetworkPolicy>(resourceTypes.networkpolicies, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace: "default" },
      spec: { podSelector: {} },
    });
  assert.match(await told, /^NetworkPolicies are not in force, because /);
  assert.equal(notices.length, 1);
});
