import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";

const skip = process.platform === "linux" ? false : "networks are cut on Linux only";
const program = `require("net").createServer((socket) => socket.on("error", () => {}).write("hello")).listen(8080, "0.0.0.0")`;
const switched = (power: string | null) => ({ metadata: { annotations: { "seaworthy.dev/power": power } } });

test(
  "a node that is switched off is silent from one moment to the next, and comes back with its pods",
  { skip, timeout: 60_000 },
  async (t) => {
    await using cluster = await Cluster.start({
      profile: "instant",
      nodes: 2,
      run: { app: `'${process.execPath}'` },
    });
    if (cluster.runtime !== "namespace") return t.skip("plain processes have no network of their own");
    const { client } = cluster;
    await using pods = createInformer<Pod>(client, resourceTypes.pods);
    const until = (holds: (pod: Pod) => boolean) =>
      new Promise<Pod>((resolve) => {
        pods.onChange(({ object }) => {
          if (holds(object)) resolve(object);
        });
      });
    const port = { containerPort: 8080 };
    const readinessProbe = { tcpSocket: { port: 8080 } };
    await client.create(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "server", namespace: "default" },
      spec: {
        nodeName: "node-1",
        containers: [{ name: "app", image: "app", args: ["-e", program], ports: [port], readinessProbe }],
      },
    });
    const isReady = ({ status }: Pod) =>
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
    const { status } = await until(isReady);
    const ip = status?.podIP ?? "";
    const open = await cluster.dialPod(ip, 8080, 5000);
    await once(open, "readable");
    let heard = 0;
    for (const event of ["end", "close", "error"]) open.on(event, () => (heard += 1));

    const lease = await client.get(resourceTypes.leases, "kube-node-lease", "node-1");
    await client.patch<Node>(resourceTypes.nodes, undefined, "node-1", "merge", switched("off"));
    // What is under way when the power goes is answered yet.
    for (let dials = 0; dials < 50; dials += 1) {
      const refusal = await cluster.dialPod(ip, 8080, 500).then(
        (socket) => (socket.destroy(), "none"),
        (error: NodeJS.ErrnoException) => error.code,
      );
      if (refusal !== "none") {
        assert.equal(refusal, "ETIMEDOUT");
        break;
      }
    }
    assert.equal(heard, 0);
    const bystander = await client.get<Pod>(resourceTypes.pods, "default", "server");
    assert.equal(isReady(bystander), true);
    assert.deepEqual(await client.get(resourceTypes.leases, "kube-node-lease", "node-1"), lease);

    const again = until((pod) => isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1);
    await client.patch<Node>(resourceTypes.nodes, undefined, "node-1", "merge", switched(null));
    const back = await again;
    const last = back.status?.containerStatuses?.[0]?.lastState?.terminated;
    assert.deepEqual([last?.exitCode, last?.reason], [255, "Unknown"]);
    (await cluster.dialPod(back.status?.podIP ?? "", 8080, 5000)).destroy();
    open.destroy();
  },
);
