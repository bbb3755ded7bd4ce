import { once } from "node:events";
import { request } from "node:http";
import { createInformer } from "@seaworthy/client";
import { Cluster, type ClusterOptions } from "@seaworthy/cluster";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";

/** Why tests of the kernel's network are left out; false where they run. */
export const skipWithoutNetwork = (await hasKernelNetwork())
  ? false
  : "this machine has no network for pods: ip, nft and user namespaces are needed";

/** Does what it is asked to, and answers with what came of it. */
const talkingProgram = `
const { createServer } = require("node:http");
const AsyncFunction = (async () => {}).constructor;
createServer(async (request, response) => {
  const code = (await request.toArray()).join("");
  const result = await new AsyncFunction("require", code)(require).catch((error) => ({ error: error.cause?.code ?? error.code }));
  response.end(JSON.stringify(result ?? null));
}).listen(Number(process.env.PORT ?? 8080));`;

/** A pod that does what it is asked to. */
export interface TalkingPod {
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<Pod["spec"]>;
  readonly port?: number;
}

/** A cluster whose pods do what they are asked to. */
export interface TalkingCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Starts pods, and gives them once they are ready. */
  start(...pods: TalkingPod[]): Promise<Pod[]>;
  /** Runs code in a pod and gives what it returns. */
  ask<T = unknown>(pod: Pod, code: string): Promise<T>;
  /** What comes of a TCP connection from a pod: `open`, an errno code, or `silent` when nothing comes in half a second. */
  tryPort(from: Pod, host: string, port: number): Promise<string>;
  /** Tries until something comes of it that is wanted: what the API says is in force a moment later. */
  becomes(wanted: string, from: Pod, host: string, port: number): Promise<void>;
}

/** Starts a cluster without a delay of its own. */
export async function startTalkingCluster(options: ClusterOptions = {}): Promise<TalkingCluster> {
  const command = `${process.execPath} -e '${talkingProgram}'`;
  const cluster = await Cluster.start({
    profile: "instant",
    ...options,
    run: { talks: command, ...options.run },
  });
  async function ask<T>({ spec, status }: Pod, code: string): Promise<T> {
    const port = spec.containers[0]?.ports?.[0]?.containerPort ?? 0;
    const socket = await cluster.dialPod(status?.podIP ?? "", port, 5000);
    const asked = request({ method: "POST", createConnection: () => socket });
    asked.end(code);
    const [answer] = await once(asked, "response");
    return JSON.parse(Buffer.concat(await answer.toArray()).toString()) as T;
  }
  const tryPort = (from: Pod, host: string, port: number) => ask<string>(from, tryCode(host, port));
  return {
    cluster,
    ask,
    tryPort,
    async start(...pods) {
      await Promise.all(pods.map((pod) => cluster.client.create<Pod>(resourceTypes.pods, podOf(pod))));
      return await readyPods(cluster, pods);
    },
    async becomes(wanted, ...target) {
      while ((await tryPort(...target)) !== wanted);
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

function tryCode(host: string, port: number): string {
  return `
    return await new Promise((resolve) => {
      const socket = require("node:net").connect(${port}, "${host}");
      const timer = setTimeout(() => end("silent"), 500);
      const end = (what) => { clearTimeout(timer); socket.destroy(); resolve(what); };
      socket.on("connect", () => end("open"));
      socket.on("error", (error) => end(error.code));
    });`;
}

function podOf({ namespace = "default", name, labels = {}, spec = {}, port = 8080 }: TalkingPod): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name, ...labels } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "app",
          image: "talks",
          env: [{ name: "PORT", value: String(port) }],
          ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
          readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
        },
      ],
      ...spec,
    },
  };
}

/** Waits for pods to be ready, and gives them in the order in which they were asked for. */
async function readyPods({ client }: Cluster, wanted: readonly TalkingPod[]): Promise<Pod[]> {
  await using pods = createInformer<Pod>(client, resourceTypes.pods);
  await pods.synced;
  return await new Promise((resolve) => {
    const look = () => {
      const ready = wanted.flatMap(({ namespace = "default", name }) => {
        const pod = pods.get(namespace, name);
        const isReady = pod?.status?.conditions?.some(
          ({ type, status }) => type === "Ready" && status === "True",
        );
        return pod !== undefined && isReady === true ? [pod] : [];
      });
      if (ready.length === wanted.length) resolve(ready);
    };
    pods.onChange(look);
    look();
  });
}

async function hasKernelNetwork(): Promise<boolean> {
  await using cluster = await Cluster.start({ profile: "instant", nodes: 1 });
  const { items } = await cluster.client.list<Node>(resourceTypes.nodes);
  return items[0]?.status?.nodeInfo?.containerRuntimeVersion === "seaworthy-network://1";
}
