import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Container, type CoreEvent, type Pod, type PodSpec } from "@seaworthy/kube";

/** CAP_NET_ADMIN is capability 12. */
const netAdmin = 1n << 12n;

const skip = process.getuid?.() !== 0 && "only root's containers run as other users";

describe("what a securityContext says is in force", { skip, concurrency: true, timeout: 120_000 }, () => {
  let folder: string;
  let cluster: Cluster;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "seaworthy-security-"));
    await writeFile(
      join(folder, "server.mjs"),
      `console.log(process.getuid(), process.env.HOME, process.cwd());`,
    );
    await chmod(folder, 0o700);
    const run = {
      sh: { command: "sh -c", cwd: "/" },
      named: { command: "sh -c", cwd: "/", user: "nobody" },
      numbered: { command: "sh -c", cwd: "/", user: "12345:3000", env: { MODE: "image" } },
      hidden: { command: `'${process.execPath}' server.mjs`, cwd: folder },
    };
    cluster = await Cluster.start({ profile: "instant", nodes: 1, run });
  });
  after(async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test("a pod's user, group and further groups; what it writes to a volume belongs to fsGroup", async () => {
    const script =
      "id -u; id -g; id -G; echo $HOME; touch /data/file; stat -c '%u %g' /data/file; cat /new/at/secret";
    const log = await logOf("user", script, {
      securityContext: { runAsUser: 12345, runAsGroup: 3000, supplementalGroups: [4000], fsGroup: 2000 },
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "own", projected: { defaultMode: 0o400, sources: [{ downwardAPI: { items: [name] } }] } },
      ],
      containers: [
        {
          name: "c",
          image: "sh",
          volumeMounts: [
            { name: "data", mountPath: "/data" },
            { name: "own", mountPath: "/new/at" },
          ],
        },
      ],
    });
    assert.deepEqual(log, ["12345", "3000", "3000 2000 4000", "/", "12345 2000", "user"]);
  });

  test("an image's USER, where the pod names none", async () => {
    assert.deepEqual(await logOf("numbered", "id -u; id -g; echo $MODE", container({ image: "numbered" })), [
      "12345",
      "3000",
      "image",
    ]);
    assert.deepEqual(await logOf("named", "id -un", container({ image: "named" })), ["nobody"]);
    const root = { image: "numbered", securityContext: { runAsUser: 0 } };
    assert.deepEqual(await logOf("again-root", "id -u; id -g", container(root)), ["0", "0"]);
  });

  test("any user writes to /tmp, opens low ports, and is who runs probes", async () => {
    const serve = `require("net").createServer().listen(80, () => require("fs").writeFileSync("/tmp/new-${process.pid}", ""))`;
    const command = ["test", "-O", `/tmp/new-${process.pid}`];
    const pod = await run("probed", {
      securityContext: { runAsUser: 12345 },
      containers: [
        {
          name: "c",
          image: "sh",
          command: [process.execPath, "-e", serve],
          readinessProbe: { exec: { command }, periodSeconds: 1 },
          // A mount point that /tmp does not have: /tmp is covered, and is as open as before.
          volumeMounts: [{ name: "data", mountPath: `/tmp/mount-${process.pid}` }],
        },
      ],
      volumes: [{ name: "data", emptyDir: {} }],
    });
    const ready = await until("probed", ({ status }) => status?.containerStatuses?.[0]?.ready === true);
    assert.equal(ready.metadata.uid, pod.metadata.uid);
  });

  test("a user that cannot read the program may read all files, and an event says so", async () => {
    const containers = [{ name: "c", image: "hidden", securityContext: { runAsUser: 12345 } }];
    assert.deepEqual(await logOf("hidden", undefined, { containers }), [`12345 / ${folder}`]);
    const message = await eventOf("hidden", "NotAsInCluster");
    assert.match(message, /^User 12345 may not read .*server\.mjs|seaworthy-security-/);
  });

  test("runAsNonRoot lets no root start", async () => {
    await run(
      "refused",
      container({ image: "named", args: ["true"], securityContext: { runAsNonRoot: true } }),
    );
    const { status } = await until(
      "refused",
      (pod) => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === "CreateContainerConfigError",
    );
    assert.match(
      status?.containerStatuses?.[0]?.state?.waiting?.message ?? "",
      /^container has runAsNonRoot and image has non-numeric user \(nobody\), cannot verify user is non-root \(pod: "refused_default\(/,
    );
    await run("unknown", container({ args: ["true"], securityContext: { runAsNonRoot: true } }));
    const message = await eventOf("unknown", "Failed");
    assert.match(
      message,
      /^Error: .* image will run as root \(.*\); write the image's USER into seaworthy.yaml/,
    );
  });

  test("a read-only root leaves volumes, /dev and what the kubelet mounts to be written", async () => {
    const places = ["/tmp", "/", "/etc", "/sys", "/data", "/new/at", "/dev/shm", "/only/read"];
    const tries = places.map((place) => `touch ${place}/new-${process.pid} 2>/dev/null && echo ${place}`);
    const script = [
      ...tries,
      "echo said >/dev/termination-log && echo '#' >>/etc/hosts && echo >/dev/null && echo said",
      `rm -f /dev/shm/new-${process.pid}`,
    ];
    for (const [podName, mounts] of [
      ["read-only", ["/data", "/new/at"]],
      ["read-only-alone", []],
    ] as const) {
      const log = await logOf(podName, script.join("; "), {
        volumes: [{ name: "data", emptyDir: {} }],
        containers: [
          {
            name: "c",
            image: "sh",
            securityContext: { readOnlyRootFilesystem: true },
            volumeMounts: [
              ...mounts.map((mountPath) => ({ name: "data", mountPath })),
              { name: "data", mountPath: "/only/read", readOnly: true },
            ],
          },
        ],
      });
      assert.deepEqual(log, [...mounts, "/dev/shm", "said"]);
    }
  });

  test("capabilities, no_new_privs and parameters of the kernel are as the pod says", async () => {
    const script =
      "grep -E 'CapBnd|CapEff|NoNewPrivs' /proc/self/status; cat /proc/sys/net/ipv4/tcp_fin_timeout";
    const lines = (bounding: string, effective: string, isSet: number, timeout: number) => [
      `CapEff:\t${effective.padStart(16, "0")}`,
      `CapBnd:\t${bounding.padStart(16, "0")}`,
      `NoNewPrivs:\t${isSet}`,
      String(timeout),
    ];
    const restricted = {
      runAsUser: 12345,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
    };
    assert.deepEqual(
      await logOf("restricted", script, {
        ...container({ securityContext: restricted }),
        securityContext: { sysctls: [{ name: "net.ipv4.tcp_fin_timeout", value: "7" }] },
      }),
      lines("400", "0", 1, 7),
    );
    const dropping = container({ securityContext: { capabilities: { drop: ["ALL"], add: ["KILL"] } } });
    assert.deepEqual(await logOf("dropping", script, dropping), lines("20", "20", 0, 60));
    // What containerd gives to a container that says nothing of it.
    const byDefault = container({ securityContext: { allowPrivilegeEscalation: false } });
    assert.deepEqual(await logOf("by-default", script, byDefault), lines("a80425fb", "a80425fb", 1, 60));
    assert.deepEqual(await logOf("silent", script, container({})), lines("a80425fb", "a80425fb", 0, 60));
    const privileged = container({ securityContext: { privileged: true } });
    const [effective = ""] = await logOf("privileged", script, privileged);
    assert.ok((BigInt(`0x${effective.split("\t")[1]}`) & netAdmin) !== 0n, effective);
    await run("forbidden", {
      ...container({}),
      securityContext: { sysctls: [{ name: "net.core.somaxconn", value: "9" }] },
    });
    const { status } = await until("forbidden", (pod) => pod.status?.phase === "Failed");
    assert.equal(status?.reason, "SysctlForbidden");
  });

  test("root of a pod does not change its network, unless it may", async () => {
    const script = "ip link set lo mtu 1500 2>&1 >/dev/null && echo changed";
    assert.match((await logOf("unprivileged", script, container({}))).join(), /not permitted/);
    const adding = container({ securityContext: { capabilities: { add: ["NET_ADMIN"] } } });
    assert.deepEqual(await logOf("net-admin", script, adding), ["changed"]);
    const privileged = container({ securityContext: { privileged: true } });
    assert.deepEqual(await logOf("may-all", script, privileged), ["changed"]);
  });

  const name = { path: "secret", fieldRef: { fieldPath: "metadata.name" } };

  function container(more: Partial<Container>): Partial<PodSpec> {
    return { containers: [{ name: "c", image: "sh", ...more }] };
  }

  function run(podName: string, spec: Partial<PodSpec>): Promise<Pod> {
    return cluster.client.create<Pod>(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: podName, namespace: "default" },
      spec: { terminationGracePeriodSeconds: 0, containers: [], ...spec },
    });
  }

  /** The lines that a pod has written when it is over; the script is the argument of its first container. */
  async function logOf(
    podName: string,
    script: string | undefined,
    spec: Partial<PodSpec>,
  ): Promise<string[]> {
    const [first, ...others] = spec.containers ?? [{ name: "c", image: "sh" }];
    const args = script === undefined ? {} : { args: [script] };
    await run(podName, { restartPolicy: "Never", ...spec, containers: [{ ...first!, ...args }, ...others] });
    await until(podName, ({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed");
    let text = "";
    for await (const chunk of cluster.client.logs("default", podName, { container: "c" })) text += chunk;
    return text.trimEnd().split("\n");
  }

  async function until(podName: string, isSo: (pod: Pod) => boolean): Promise<Pod> {
    await using pods = createInformer<Pod>(cluster.client, resourceTypes.pods);
    const { promise, resolve } = Promise.withResolvers<Pod>();
    pods.onChange(({ object }) => object.metadata.name === podName && isSo(object) && resolve(object));
    return await promise;
  }

  async function eventOf(podName: string, reason: string): Promise<string> {
    await using events = createInformer<CoreEvent>(cluster.client, resourceTypes.events);
    const { promise, resolve } = Promise.withResolvers<string>();
    events.onChange(
      ({ object }) =>
        object.involvedObject.name === podName && object.reason === reason && resolve(object.message ?? ""),
    );
    return await promise;
  }
});
