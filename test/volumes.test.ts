import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createInformer, type KubeClient } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import {
  resourceTypes,
  type ConfigMap,
  type CoreEvent,
  type PersistentVolumeClaim,
  type Pod,
  type PodSpec,
  type Volume,
} from "@seaworthy/kube";
import { startClusterCommand } from "./seaworthy-command.ts";

/** Does what its arguments say, a line each time: reads a file whenever it is another one, or adds to one. */
const program = `
import { appendFileSync, readFileSync } from "node:fs";
const [what, file, text] = process.argv.slice(2);
if (what === "add") appendFileSync(file, text + "\\n");
let last;
const look = () => {
  let now;
  try { now = readFileSync(file, "utf8").trim().replaceAll("\\n", ","); } catch (error) { now = error.code; }
  if (now !== last) console.log(last = now);
};
look();
if (what !== "fill") setInterval(look, 50);
`;

const runtimes = process.platform === "linux" ? (["namespace", "shim"] as const) : (["shim"] as const);

for (const runtime of runtimes)
  describe(`volumes of running pods: ${runtime}`, { concurrency: true }, () => {
    const start = async (resources: AsyncDisposableStack) => {
      const folder = await mkdtemp(join(tmpdir(), "seaworthy-volumes-"));
      resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
      const file = join(folder, "program.mjs");
      await writeFile(file, program);
      const run = { app: `'${process.execPath}' '${file}'` };
      const cluster = resources.use(await Cluster.start({ profile: "instant", runtime, run }));
      return cluster.client;
    };

    test("what a pod writes is read by its successor on the same node, and by others where it is shared", async () => {
      await using resources = new AsyncDisposableStack();
      const client = await start(resources);
      await client.create(resourceTypes.persistentvolumeclaims, claim("own", {}));
      await client.create(resourceTypes.persistentvolumeclaims, claim("files", shared));
      await create(client, "one", "own", ["add", "/data/log", "one"]);
      assert.equal(await line(client, "one", "one"), "one");
      const first = await client.get<Pod>(resourceTypes.pods, "default", "one");
      await client.delete(resourceTypes.pods, "default", "one");
      await create(client, "two", "own", ["add", "/data/log", "two"]);
      assert.equal(await line(client, "two", "one,two"), "one,two");
      const second = await client.get<Pod>(resourceTypes.pods, "default", "two");
      assert.equal(second.spec.nodeName, first.spec.nodeName);
      // One on each of two nodes.
      const on = (nodeName: string) => ({ nodeSelector: { "kubernetes.io/hostname": nodeName } });
      await create(client, "three", "files", ["add", "/data/log", "three"], on("node-1"));
      await line(client, "three", "three");
      await create(client, "four", "files", ["add", "/data/log", "four"], on("node-2"));
      assert.equal(await line(client, "four", "three,four"), "three,four");
      assert.equal(await line(client, "three", "three,four"), "three,four");
    });

    test("ReadWriteOnce is refused on a second node until the first has let go", async () => {
      await using resources = new AsyncDisposableStack();
      const client = await start(resources);
      const { accessModes } = claim("own", {}).spec!;
      await client.create(
        resourceTypes.persistentvolumeclaims,
        claim("files", { ...shared, accessModes: accessModes! }),
      );
      await create(client, "one", "files", ["add", "/data/log", "one"], { nodeSelector: host("node-1") });
      await line(client, "one", "one");
      await create(client, "two", "files", ["add", "/data/log", "two"], { nodeSelector: host("node-2") });
      const message = await eventOf(client, "FailedAttachVolume");
      assert.match(
        message,
        /^Multi-Attach error for volume "pvc-.*" Volume is already used by pod\(s\) one$/,
      );
      await client.delete(resourceTypes.pods, "default", "one");
      assert.equal(await line(client, "two", "one,two"), "one,two");
    });

    test("a changed ConfigMap shows in its volume and not in sub paths; a changed label shows, too", async () => {
      await using resources = new AsyncDisposableStack();
      const client = await start(resources);
      const settings: ConfigMap = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings", namespace: "default" },
        data: { colour: "red" },
      };
      await client.create(resourceTypes.configmaps, settings);
      const spec = (mount: object, file: string, volume: Partial<Volume>): PodSpec => ({
        containers: [
          {
            name: "c",
            image: "app",
            args: ["read", file],
            volumeMounts: [{ name: "v", mountPath: "/v", ...mount }],
          },
        ],
        volumes: [{ name: "v", ...volume }],
      });
      const fromMap = { configMap: { name: "settings" } };
      const fromLabels = {
        downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
      };
      await make(client, "whole", spec({}, "/v/colour", fromMap));
      await make(client, "part", spec({ mountPath: "/v/colour", subPath: "colour" }, "/v/colour", fromMap));
      await make(client, "labels", spec({}, "/v/labels", fromLabels));
      for (const name of ["whole", "part"]) await line(client, name, "red");
      await client.patch(resourceTypes.configmaps, "default", "settings", "merge", {
        data: { colour: "blue" },
      });
      await line(client, "whole", "blue");
      await client.patch(resourceTypes.pods, "default", "labels", "merge", {
        metadata: { labels: { a: "b" } },
      });
      await line(client, "labels", 'a="b"');
      assert.equal(await read(client.logs("default", "part", { container: "c" })), "red\n");
    });

    test("a pod whose sub path waits for an annotation starts when that is there", async () => {
      await using resources = new AsyncDisposableStack();
      const client = await start(resources);
      await make(client, "waits", {
        containers: [
          {
            name: "c",
            image: "app",
            args: ["add", "/v/log", "here"],
            env: [
              { name: "FOLDER", valueFrom: { fieldRef: { fieldPath: "metadata.annotations['folder']" } } },
            ],
            volumeMounts: [{ name: "v", mountPath: "/v", subPathExpr: "$(FOLDER)" }],
          },
        ],
        volumes: [{ name: "v", emptyDir: {} }],
      });
      assert.equal(await eventOf(client, "Failed"), "Error: missing value for FOLDER");
      const { status } = await client.get<Pod>(resourceTypes.pods, "default", "waits");
      assert.equal(status?.containerStatuses?.[0]?.state?.waiting?.reason, "CreateContainerConfigError");
      await client.patch(resourceTypes.pods, "default", "waits", "merge", {
        metadata: { annotations: { folder: "logs" } },
      });
      assert.equal(await line(client, "waits", "here"), "here");
    });

    test("who writes more into an emptyDir than it may hold is evicted", async () => {
      await using resources = new AsyncDisposableStack();
      const client = await start(resources);
      await make(client, "greedy", {
        containers: [
          {
            name: "c",
            image: "app",
            args: ["add", "/data/log", "x".repeat(100_000)],
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", emptyDir: { sizeLimit: "64Ki" } }],
      });
      await using pods = createInformer<Pod>(client, resourceTypes.pods);
      const { promise, resolve: found } = Promise.withResolvers<Pod>();
      pods.onChange(({ object }) => object.status?.phase === "Failed" && found(object));
      const { status } = await promise;
      assert.deepEqual(
        [status?.reason, status?.message],
        ["Evicted", 'Usage of EmptyDir volume "data" exceeds the limit "64Ki". '],
      );
      assert.equal(status?.containerStatuses?.[0]?.restartCount, 0);
    });
  });

test("what is in volumes outlives a kill of the cluster", { timeout: 60_000 }, async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-volumes-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const file = join(folder, "program.mjs");
  await writeFile(file, program);
  const image = `app='${process.execPath}' '${file}'`;
  const first = await startOn(resources, join(folder, "data"), image);
  await first.client.create(resourceTypes.persistentvolumeclaims, claim("own", {}));
  await create(first.client, "one", "own", ["add", "/data/log", "again"]);
  await line(first.client, "one", "again");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const second = await startOn(resources, join(folder, "data"), image);
  assert.equal(await line(second.client, "one", "again,again"), "again,again");
});

const shared = { storageClassName: "shared", accessModes: ["ReadWriteMany"] };

function host(name: string): Record<string, string> {
  return { "kubernetes.io/hostname": name };
}

function claim(name: string, spec: Partial<PersistentVolumeClaim["spec"]>): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } }, ...spec },
  };
}

async function create(
  client: KubeClient,
  name: string,
  claimName: string,
  args: string[],
  more: Partial<PodSpec> = {},
): Promise<void> {
  await make(client, name, {
    containers: [{ name: "c", image: "app", args, volumeMounts: [{ name: "data", mountPath: "/data" }] }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
    ...more,
  });
}

async function make(client: KubeClient, name: string, spec: PodSpec): Promise<void> {
  await client.create<Pod>(resourceTypes.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: {} },
    spec: { terminationGracePeriodSeconds: 0, ...spec },
  });
}

/** Resolves with the first line of a pod's log that is the wanted one. */
async function line(client: KubeClient, name: string, wanted: string): Promise<string> {
  await using pods = createInformer<Pod>(client, resourceTypes.pods);
  const { promise, resolve: runs } = Promise.withResolvers<void>();
  pods.onChange(() => {
    if (pods.get("default", name)?.status?.containerStatuses?.[0]?.state?.running !== undefined) runs();
  });
  await promise;
  let seen = "";
  for await (const chunk of client.logs("default", name, { container: "c", follow: true })) {
    seen += chunk;
    if (seen.split("\n").includes(wanted)) return wanted;
  }
  return assert.fail(`${name} said ${seen}`);
}

async function read(log: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of log) text += chunk;
  return text;
}

async function eventOf(client: KubeClient, reason: string): Promise<string> {
  await using events = createInformer<CoreEvent>(client, resourceTypes.events);
  const { promise, resolve: found } = Promise.withResolvers<string>();
  events.onChange(({ object }) => object.reason === reason && found(object.message ?? ""));
  return await promise;
}

async function startOn(resources: AsyncDisposableStack, dataDir: string, image: string) {
  const args = ["--data-dir", dataDir, "--profile", "instant", "--run", image];
  return resources.use(await startClusterCommand(args));
}
