import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createInformer } from "@seaworthy/client";
import type { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Endpoints, type Pod, type PodSpec, type Service } from "@seaworthy/kube";
import { skipWithoutNetwork, startTalkingCluster, type TalkingCluster } from "./talking-pods.ts";

/** Answers with who it is, and to whom. */
const webProgram = `
process.on("SIGTERM", () => process.exit());
const http = require("node:http"), dgram = require("node:dgram");
http.createServer((_, response) => response.end(JSON.stringify([process.env.HOSTNAME, response.socket.remoteAddress]))).listen(8080);
const udp = dgram.createSocket("udp4").bind(8080);
udp.on("message", (message, { port, address }) => udp.send(message + "!", port, address));`;

describe("pods on a network of the kernel's", { skip: skipWithoutNetwork, timeout: 60_000 }, () => {
  let world: TalkingCluster;
  let cluster: Cluster;
  let client: Pod;
  let clientIp = "";
  let webPods: readonly Pod[] = [];
  let clusterIp = "";

  /** Runs code in the client pod and gives what it returns. */
  const inPod = <T = unknown>(code: string) => world.ask<T>(client, code);

  before(async () => {
    world = await startTalkingCluster({ nodes: 4, run: { web: `${process.execPath} -e '${webProgram}'` } });
    ({ cluster } = world);
    const { client: api } = cluster;
    const service = (name: string, spec: Partial<Service["spec"]>) =>
      api.create<Service>(resourceTypes.services, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: "default" },
        spec: {
          selector: { app: "web" },
          ports: [
            { name: "http", port: 80, targetPort: 8080, protocol: "TCP" },
            { name: "echo", port: 80, targetPort: 8080, protocol: "UDP" },
          ],
          ...spec,
        },
      });
    clusterIp = (await service("web", {})).spec.clusterIP ?? "";
    await service("each", { clusterIP: "None" });
    await service("sticky", { sessionAffinity: "ClientIP" });
    await service("nobody", { selector: { app: "nobody" } });
    const web = ["web-0", "web-1", "web-2"].map((name) => ({
      name,
      labels: { app: "web" },
      spec: {
        hostname: name,
        subdomain: "each",
        containers: [
          { name: "app", image: "web", readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } },
        ],
      },
    }));
    [client, ...webPods] = (await world.start({ name: "client" }, ...web)) as [Pod, ...Pod[]];
    clientIp = client.status?.podIP ?? "";
    // The rules are written when the data plane has heard of the last pod.
    const seen = new Set<string>();
    const ask = `return (await fetch("http://web", { headers: { connection: "close" } })).json()`;
    while (seen.size < 3) seen.add((await inPod<readonly string[]>(ask))[0] ?? "");
  });
  after(() => world[Symbol.asyncDispose]());

  test("a pod reaches another by its address, and is seen with its own", async () => {
    const [pod] = webPods;
    const answer = await inPod(`return (await fetch("http://${pod?.status?.podIP}:8080")).json()`);
    assert.deepEqual(answer, [pod?.metadata.name, `::ffff:${clientIp}`]);
  });

  test("a Service is found by its names and spreads its connections over its pods", async () => {
    const code = `
      const names = ["web", "web.default", "web.default.svc", "web.default.svc.cluster.local", "${clusterIp}"];
      const seen = new Set();
      for (let i = 0; i < 60; i++) {
        const answer = await fetch("http://" + names[i % names.length], { headers: { connection: "close" } });
        seen.add((await answer.json())[0]);
      }
      return [...seen].sort();`;
    assert.deepEqual(await inPod(code), ["web-0", "web-1", "web-2"]);
  });

  test("a Service passes UDP on", async () => {
    const code = `
      const socket = require("node:dgram").createSocket("udp4");
      socket.send("hello", 80, "web");
      const [message] = await require("node:events").once(socket, "message");
      socket.close();
      return message.toString();`;
    assert.equal(await inPod(code), "hello!");
  });

  test("a headless Service's name leads to its pods, and each of them has a name", async () => {
    const code = `
      const dns = require("node:dns").promises;
      const { lookup, resolveSrv, reverse } = dns;
      return {
        all: (await lookup("each", { all: true, family: 4 })).map(({ address }) => address).sort(),
        one: (await lookup("web-1.each", { family: 4 })).address,
        ports: (await resolveSrv("_http._tcp.each.default.svc.cluster.local")).map(({ port }) => port),
        name: await reverse("${clusterIp}"),
      };`;
    const ip = (name: string) => webPods.find(({ metadata }) => metadata.name === name)?.status?.podIP;
    assert.deepEqual(await inPod(code), {
      all: webPods.map(({ status }) => status?.podIP).toSorted(),
      one: ip("web-1"),
      ports: [8080, 8080, 8080],
      name: ["web.default.svc.cluster.local"],
    });
  });

  test("a Service without selector leads where Endpoints say that somebody wrote by hand", async () => {
    const { client: api } = cluster;
    const metadata = { name: "by-hand", namespace: "default" };
    await api.create<Service>(resourceTypes.services, {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: [{ port: 80 }] },
    });
    const ip = webPods[1]?.status?.podIP ?? "";
    await api.create<Endpoints>(resourceTypes.endpoints, {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata,
      subsets: [{ addresses: [{ ip }], ports: [{ port: 8080 }] }],
    });
    await world.becomes("open", client, "by-hand", 80);
    assert.equal((await inPod<string[]>(`return (await fetch("http://by-hand")).json()`))[0], "web-1");
  });

  test("a client of a Service with session affinity stays with one pod", async () => {
    const code = `
      const seen = new Set();
      for (let i = 0; i < 20; i++)
        seen.add((await (await fetch("http://sticky", { headers: { connection: "close" } })).json())[0]);
      return seen.size;`;
    assert.equal(await inPod(code), 1);
  });

  test("a Service without endpoints refuses, as does a port that a Service does not have", async () => {
    assert.deepEqual(await inPod(`return await fetch("http://nobody")`), { error: "ECONNREFUSED" });
    assert.deepEqual(await inPod(`return await fetch("http://web:81")`), { error: "ECONNREFUSED" });
  });

  test("a port on which nothing listens refuses, and an address that no pod has is silent", async () => {
    const [pod] = webPods;
    const refused = `return await fetch("http://${pod?.status?.podIP}:81")`;
    assert.deepEqual(await inPod(refused), { error: "ECONNREFUSED" });
    await assert.rejects(cluster.dialPod("10.244.1.250", 8080, 200), { code: "ETIMEDOUT" });
  });

  test("a pod reaches itself through its Service", async () => {
    await cluster.client.create<Service>(resourceTypes.services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "self", namespace: "default" },
      spec: { selector: { app: "client" }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const code = `
      for (;;) {
        const answer = await fetch("http://self", { method: "POST", body: "return 7" }).catch(() => undefined);
        if (answer) return answer.json();
        await new Promise(setImmediate);
      }`;
    assert.equal(await inPod(code), 7);
  });

  test("with internalTrafficPolicy Local a pod gets the endpoints of its own node, or nothing", async () => {
    await cluster.client.create<Service>(resourceTypes.services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "nearby", namespace: "default" },
      spec: {
        selector: { app: "web" },
        internalTrafficPolicy: "Local",
        ports: [{ port: 80, targetPort: 8080 }],
      },
    });
    const nodes = webPods.map(({ spec }) => spec.nodeName);
    const empty = ["node-1", "node-2", "node-3", "node-4"].find((name) => !nodes.includes(name));
    const [near, far] = (await world.start(
      { name: "near", spec: { nodeName: nodes[0] ?? "" } },
      { name: "far", spec: { nodeName: empty ?? "" } },
    )) as [Pod, Pod];
    const code = `
      const seen = new Set();
      for (let i = 0; i < 20; i++) {
        const answer = await fetch("http://nearby", { headers: { connection: "close" } });
        seen.add((await answer.json())[0]);
      }
      return [...seen].sort();`;
    await world.becomes("open", near, "nearby", 80);
    assert.deepEqual(
      await world.ask(near, code),
      webPods.flatMap(({ metadata, spec }) => (spec.nodeName === nodes[0] ? [metadata.name] : [])),
    );
    assert.equal(await world.tryPort(far, "nearby", 80), "silent");
  });

  test("a load balancer's address leads to its pods, which see a node unless its policy is Local", async () => {
    const { client: api } = cluster;
    const [one, two] = await Promise.all(
      ["Cluster", "Local"].map((externalTrafficPolicy) =>
        api.create<Service>(resourceTypes.services, {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: `balanced-${externalTrafficPolicy.toLowerCase()}`, namespace: "default" },
          spec: {
            type: "LoadBalancer",
            selector: { app: "web" },
            externalTrafficPolicy,
            ports: [{ port: 80, targetPort: 8080 }],
          },
        }),
      ),
    );
    const seenFrom = async (service: Service | undefined): Promise<unknown> => {
      let ip: string | undefined;
      while (ip === undefined) {
        const found = await api.get<Service>(resourceTypes.services, "default", service?.metadata.name ?? "");
        ip = found.status?.loadBalancer?.ingress?.[0]?.ip;
      }
      await world.becomes("open", client, ip, 80);
      return (await inPod<readonly unknown[]>(`return (await fetch("http://${ip}")).json()`))[1];
    };
    assert.equal(await seenFrom(one), "::ffff:10.245.255.254");
    assert.equal(await seenFrom(two), `::ffff:${clientIp}`);
  });

  test("a hostPort of a pod is reached at its node's address, by itself too", async () => {
    const ports = [{ name: "http", containerPort: 8080, hostPort: 8099, protocol: "TCP" }];
    const [pod] = (await world.start({
      name: "host-port",
      spec: {
        containers: [{ name: "app", image: "talks", ports, readinessProbe: { tcpSocket: { port: 8080 } } }],
      },
    })) as [Pod];
    const node = pod.status?.hostIP ?? "";
    await world.becomes("open", client, node, 8099);
    const code = `return (await fetch("http://${node}:8099", { method: "POST", body: "return 7" })).json()`;
    assert.equal(await inPod(code), 7);
    assert.equal(await world.ask(pod, code), 7);
  });

  test("a pod with hostNetwork has its node's address, and reaches Services and is reached as its node", async () => {
    const spec = { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" };
    const [pod] = (await world.start({ name: "on-host", port: 8123, spec })) as [Pod];
    assert.equal(pod.status?.podIP, pod.status?.hostIP);
    assert.equal(await world.tryPort(client, pod.status?.hostIP ?? "", 8123), "open");
    const code = `return [(await (await fetch("http://web")).json()).length, require("node:os").hostname()]`;
    assert.deepEqual(await world.ask(pod, code), [2, pod.spec.nodeName]);
  });

  test("a hostPort of the loopback is another one than that of the node, for pods with hostNetwork alone", async () => {
    const portOf = (hostIP: string) => [{ containerPort: 8080, hostPort: 8097, hostIP, protocol: "TCP" }];
    const start = async (name: string, spec: Partial<PodSpec>, port?: number) =>
      (await world.start({ name, spec, ...(port === undefined ? {} : { port }) }))[0]!;
    const app = { name: "app", image: "talks", readinessProbe: { tcpSocket: { port: 8080 } } };
    const inside = await start("loopback", { containers: [{ ...app, ports: portOf("127.0.0.1") }] });
    const { nodeName = "" } = inside.spec;
    const node = inside.status?.hostIP ?? "";
    await start("outside", { nodeName, containers: [{ ...app, ports: portOf(node) }] });
    const host = await start("on-loopback", { nodeName, hostNetwork: true }, 8124);
    const nameAt = (ip: string) =>
      `return (await fetch("http://${ip}:8097", { method: "POST", body: 'return require("node:os").hostname()' })).json()`;
    await world.becomes("open", host, "127.0.0.1", 8097);
    assert.equal(await world.ask(host, nameAt("127.0.0.1")), "loopback");
    await world.becomes("open", host, node, 8097);
    assert.equal(await world.ask(host, nameAt(node)), "outside");
    assert.equal(await inPod(nameAt(node)), "outside");
    assert.equal(await world.tryPort(client, "127.0.0.1", 8097), "ECONNREFUSED");
  });

  test("a pod that is gone is silent, and its Service leads to the others", async () => {
    const gone = webPods.find(({ metadata }) => metadata.name === "web-2");
    await using pods = createInformer<Pod>(cluster.client, resourceTypes.pods);
    await pods.synced;
    const left = new Promise<void>((resolve) => {
      pods.onChange(({ type, object }) => {
        if (type === "deleted" && object.metadata.name === "web-2") resolve();
      });
    });
    await cluster.client.delete(resourceTypes.pods, "default", "web-2");
    await left;
    await assert.rejects(cluster.dialPod(gone?.status?.podIP ?? "", 8080, 200), { code: "ETIMEDOUT" });
    const code = `
      const { lookup } = require("node:dns").promises;
      for (;;) {
        const all = await lookup("each", { all: true, family: 4 });
        if (all.length === 2) break;
      }
      const seen = new Set();
      for (let i = 0; i < 30; i++)
        seen.add((await (await fetch("http://web", { headers: { connection: "close" } })).json())[0]);
      return [...seen].sort();`;
    assert.deepEqual(await inPod(code), ["web-0", "web-1"]);
  });
});
