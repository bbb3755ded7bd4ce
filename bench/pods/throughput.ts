import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Informer } from "@seaworthy/client";
import { isPodReady, resourceTypes, type Pod, type Service } from "@seaworthy/kube";
import type { RunningCluster } from "../../test/seaworthy-command.ts";
import { median } from "../measured/median.ts";

const seconds = 3;
const wrk = `wrk -t1 -c16 -d${seconds}s -H 'Host: backend.localhost'`;
/** At a rate that all of them bear, so that the time of a request counts and not that of its queue. */
const rate = 2000;
const load = `${process.execPath} ${resolve("packages/cli/src/main.mjs")} load --rate ${rate} --duration ${seconds}s -H 'Host: backend.localhost' --output json`;
const p99 = `${process.execPath} -p 'JSON.parse(require("node:fs").readFileSync(0)).serviceTime.p99Ms'`;

/** The least that Node's own modules make of a proxy. */
const nodeProxy = `
const { Agent, createServer, request } = require("node:http");
const agent = new Agent({ keepAlive: true });
createServer(({ method, url, headers }, answer) => {
  const onward = { host: "backend.default.svc.cluster.local", agent, method, path: url, headers };
  request(onward, (from) => from.pipe(answer.writeHead(from.statusCode, from.rawHeaders))).end();
}).listen(8080);
`;

/**
 * Images of an nginx that answers a constant, of one that passes it on, and of Node as a proxy, as words for the cluster, with
 * their files.
 */
export function proxyImages(): { readonly words: readonly string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-proxies-"));
  writeFileSync(join(folder, "proxy.cjs"), nodeProxy);
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
      `bench/node=${process.execPath} ${join(folder, "proxy.cjs")}`,
      "--run",
      "bench/shell=sh -c",
    ],
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * Lets wrk ask one nginx: from a pod, directly, through a Service, and through another nginx and Node's `http` as proxies; and from
 * the machine through the Ingress. In turn, so many times; the middle of the turns' ratios counts. And `seaworthy load` at a steady
 * rate, for the time that each way adds to the slowest requests.
 */
export async function measureThroughput(
  cluster: RunningCluster,
  pods: Informer<Pod>,
  turns: number,
): Promise<void> {
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
  const node = await address("node");
  const { spec } = await client.get<Service>(resourceTypes.services, "default", "backend");
  const port = new URL(cluster.ingressUrl).port;

  const noted = { requests: new Map<string, number[]>(), p99: new Map<string, number[]>() };
  const note = (numbers: Map<string, number[]>, name: string, value: number) =>
    numbers.set(name, [...(numbers.get(name) ?? []), value]);
  let count = 0;
  const sayInPod = async (command: string) => {
    const args = [`(${command}) > /dev/termination-log`];
    const pod = await run(cluster, pods, `asker-${(count += 1)}`, { image: "bench/shell", args }, hasEnded);
    return pod.status?.containerStatuses?.[0]?.state?.terminated?.message ?? "";
  };
  const sayHere = async (command: string) => spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout;
  for (let turn = 0; turn < turns; turn += 1)
    for (const [name, host, say] of [
      ["a pod", `${backend}:8080`, sayInPod],
      ["its Service", spec.clusterIP ?? "", sayInPod],
      ["nginx as a proxy", `${proxy}:8080`, sayInPod],
      ["Node's http as a proxy", `${node}:8080`, sayInPod],
      ["the Ingress", `127.0.0.1:${port}`, sayHere],
    ] as const) {
      const output = await say(`${wrk} http://${host}/`);
      note(noted.requests, name, Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]));
      note(noted.p99, name, Number(await say(`${load} http://${host}/ | ${p99}`)));
    }
  process.stdout.write(`\n| asked is | requests/s | | p99 at ${rate}/s, ms | |\n|---|---|---|---|---|\n`);
  for (const [name, beside] of [
    ["a pod", "a pod"],
    ["its Service", "a pod"],
    ["nginx as a proxy", "a pod"],
    ["Node's http as a proxy", "nginx as a proxy"],
    ["the Ingress", "nginx as a proxy"],
  ] as const) {
    const of = (numbers: Map<string, number[]>, which: string) => numbers.get(which) ?? [];
    const rates = of(noted.requests, name);
    const others = of(noted.requests, beside);
    const ratio = median(rates.map((each, turn) => each / (others[turn] ?? NaN)));
    const times = of(noted.p99, name);
    const added = median(times.map((each, turn) => each - (of(noted.p99, "a pod")[turn] ?? NaN)));
    const cells = [
      `${median(rates).toFixed(0)} | ${ratio.toFixed(2)} × ${beside}`,
      `${median(times).toFixed(2)} | ${added.toFixed(2)} more than a pod`,
    ];
    process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
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
