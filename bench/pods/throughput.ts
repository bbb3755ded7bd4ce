import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Informer } from "@seaworthy/client";
import { isPodReady, resourceTypes, type Pod, type Service } from "@seaworthy/kube";
import type { RunningCluster } from "../../test/seaworthy-command.ts";
import { median } from "../measured/median.ts";

const seconds = 3;
const turns = 7;
const wrk = `wrk -t1 -c16 -d${seconds}s -H 'Host: backend.localhost'`;

/** Images of an nginx that answers a constant and of one that passes it on, as words for the cluster, with their files. */
export function nginxImages(): { readonly words: readonly string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-nginx-"));
  const image = (name: string, server: string) => {
    const file = join(folder, `${name}.conf`);
    writeFileSync(
      file,
      `daemon off; worker_processes 1; pid /tmp/${name}.pid; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; default_type text/plain; ${server} }
`,
    );
    return ["--run", `bench/${name}=nginx -e stderr -c ${file}`];
  };
  return {
    words: [
      ...image("backend", `server { listen 8080; location / { return 200 "ok\\n"; } }`),
      ...image(
        "proxy",
        `upstream backend { server backend.default.svc.cluster.local; keepalive 64; }
server { listen 8080; location / {
  proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; } }`,
      ),
      "--run",
      "bench/shell=sh -c",
    ],
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * Lets wrk ask one nginx: from a pod, directly, through a Service, and through another nginx as a proxy; and from the machine
 * through the Ingress. In turn, seven times; the middle of the turns' ratios counts.
 */
export async function measureThroughput(cluster: RunningCluster, pods: Informer<Pod>): Promise<void> {
  const { client } = cluster;
  await client.create(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "backend", namespace: "default" },
    spec: { selector: { app: "backend" }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  await client.create(resourceTypes.ingresses, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "backend", namespace: "default" },
    spec: { defaultBackend: { service: { name: "backend", port: { number: 80 } } } },
  });
  const serving = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };
  const address = async (name: string) =>
    (await run(cluster, pods, name, { image: `bench/${name}`, ...serving }, isPodReady)).status?.podIP ?? "";
  const backend = await address("backend");
  const proxy = await address("proxy");
  const { spec } = await client.get<Service>(resourceTypes.services, "default", "backend");
  const port = new URL(cluster.ingressUrl).port;

  const rates = new Map<string, number[]>();
  const note = (name: string, output: string) => {
    const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
    rates.set(name, [...(rates.get(name) ?? []), rate]);
  };
  let count = 0;
  const askInPod = async (name: string, host: string) => {
    const args = [`${wrk} http://${host}/ > /dev/termination-log`];
    const pod = await run(cluster, pods, `asker-${(count += 1)}`, { image: "bench/shell", args }, hasEnded);
    note(name, pod.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "");
  };
  for (let turn = 0; turn < turns; turn += 1) {
    await askInPod("a pod", `${backend}:8080`);
    await askInPod("its Service", spec.clusterIP ?? "");
    await askInPod("nginx as a proxy", `${proxy}:8080`);
    const { stdout } = spawnSync("sh", ["-c", `${wrk} http://127.0.0.1:${port}/`], { encoding: "utf8" });
    note("the Ingress", stdout);
  }
  process.stdout.write("\n| asked is | requests/s | |\n|---|---|---|\n");
  for (const [name, beside] of [
    ["a pod", "a pod"],
    ["its Service", "a pod"],
    ["nginx as a proxy", "a pod"],
    ["the Ingress", "nginx as a proxy"],
  ] as const) {
    const [own = [], others = []] = [rates.get(name), rates.get(beside)];
    const ratio = median(own.map((rate, turn) => rate / (others[turn] ?? NaN)));
    process.stdout.write(`| ${name} | ${median(own).toFixed(0)} | ${ratio.toFixed(2)} × ${beside} |\n`);
  }
}

/** Makes a pod and waits for what it is to come to. */
async function run(
  { client }: RunningCluster,
  pods: Informer<Pod>,
  name: string,
  container: object,
  isSo: (pod: Pod) => boolean,
): Promise<Pod> {
  const done = Promise.withResolvers<Pod>();
  const stop = pods.onChange(({ object }) => {
    if (object.metadata.name === name && isSo(object)) done.resolve(object);
  });
  await client.create(resourceTypes.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: name } },
    spec: { restartPolicy: "Never", containers: [{ name: "one", ...container }] },
  });
  const pod = await done.promise;
  stop();
  return pod;
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
