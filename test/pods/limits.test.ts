import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Pod } from "@seaworthy/kube";

const skip = process.platform === "linux" ? false : "memory is known on Linux only";
const grow = `const held = []; setInterval(() => held.push(Buffer.alloc(16 << 20, 1)), 20)`;

function pod(name: string, restartPolicy: string, image: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      restartPolicy,
      containers: [
        { name: "app", image, args: ["-e", grow], resources: { limits: { memory: "128Mi", cpu: "1" } } },
      ],
    },
  };
}

test(
  "a container that uses up its memory is OOMKilled, and started again by its policy",
  { skip, timeout: 60_000 },
  async () => {
    {
      await using cluster = await Cluster.start({
        profile: "instant",
        nodes: 1,
        run: { app: `'${process.execPath}'` },
      });
      await using pods = createInformer<Pod>(cluster.client, resourceTypes.pods);
      const restarted = Promise.withResolvers<Pod>();
      const failed = Promise.withResolvers<Pod>();
      pods.onChange(({ object }) => {
        if (object.metadata.name === "again" && object.status?.containerStatuses?.[0]?.restartCount === 2)
          restarted.resolve(object);
        if (object.status?.phase === "Failed") failed.resolve(object);
      });
      await cluster.client.create(resourceTypes.pods, pod("again", "Always", "app"));
      await cluster.client.create(resourceTypes.pods, pod("once", "Never", "app"));
      // Nothing of the app is known of its stand-in, which is larger than many an app.
      await cluster.client.create(resourceTypes.pods, pod("stands-in", "Never", "other"));
      const ends = [
        (await restarted.promise).status?.containerStatuses?.[0]?.lastState?.terminated,
        (await failed.promise).status?.containerStatuses?.[0]?.state?.terminated,
      ];
      for (const end of ends) assert.deepEqual([end?.exitCode, end?.reason], [137, "OOMKilled"]);
      assert.equal(pods.get("default", "stands-in")?.status?.phase, "Running");
    }
    // Control groups go with their containers. Those of others go as well while this looks, of which `find` makes nothing.
    const named = ["/sys/fs/cgroup", "-name", `seaworthy-${process.pid}-*`];
    assert.equal(spawnSync("find", named, { encoding: "utf8" }).stdout, "");
  },
);
