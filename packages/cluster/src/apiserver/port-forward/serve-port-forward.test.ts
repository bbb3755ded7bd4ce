import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:https";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import type { Kubelet } from "../../kubelet.ts";
import type { SpdyHeaders } from "../spdy/header-blocks.ts";
import { spdyClient, type SpdyClient } from "../testing/spdy-client.ts";
import { pod, silentNodes, startApi } from "../testing/start-api.ts";
import type { ListeningApi } from "../http/serve-api.ts";

/** The pod's program: it says what it hears, once it has heard all. */
const echo = createServer({ allowHalfOpen: true }, (socket) => {
  let heard = "";
  socket.on("data", (chunk) => (heard += String(chunk)));
  socket.on("end", () => socket.end(`heard ${heard}`));
});
/** Another one, which greets and resets. */
const rude = createServer((socket) => {
  socket.once("data", () => socket.resetAndDestroy());
});
const gone = Promise.withResolvers<void>();
const kubelet: Kubelet = {
  ...silentNodes,
  findPod: (_namespace, name) =>
    name === "away"
      ? undefined
      : {
          sandboxId: "5a4d",
          ended: name === "dies" ? gone.promise : new Promise(() => {}),
          findContainer: () => undefined,
          async dialLocalhost(port): Promise<Socket> {
            const server = port === 8080 ? echo : port === 8081 ? rude : undefined;
            const socket = connect({ port: portOf(server), host: "127.0.0.1", allowHalfOpen: true });
            await once(socket, "connect");
            return socket;
          },
        },
};
const refused =
  'error forwarding port 9 to pod 5a4d, uid : failed to execute portforward in network namespace "/var/run/netns/cni-5a4d": failed to connect to localhost:9 inside namespace "5a4d", IPv4: dial tcp4 127.0.0.1:9: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found ';

let api: ListeningApi;
let connection: KubeconfigConnection;
before(async () => {
  for (const server of [echo, rude]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  const fixture = await startApi({ startMs: Date.now(), kubelet });
  for (const name of ["p", "away", "dies"])
    await fixture.client.create(resourceTypes.pods, pod(name, { nodeName: "node-1" }));
  await fixture.client.create(resourceTypes.pods, pod("nowhere"));
  api = await fixture.start();
  connection = await readKubeconfig({ text: api.kubeconfig });
});
after(async () => {
  await api[Symbol.asyncDispose]();
  echo.close();
  rude.close();
});

test("a pair of streams over SPDY is a connection to a port, each direction with an end of its own", async () => {
  const client = await startSpdy("p");
  openPair(client, 1, "8080");
  client.send(3, "hello ");
  client.send(3, "there", true);
  const { data, ended, error } = await readPair(client, 1);
  assert.equal(data, "heard hello there");
  assert.deepEqual(ended, [3, 1]);
  assert.equal(error, "");
  client.socket.destroy();
});

test("a port on which nothing listens is told on the stream for errors, and others go on", async () => {
  const client = await startSpdy("p");
  openPair(client, 1, "9");
  assert.equal((await readPair(client, 1)).error, refused);
  openPair(client, 5, "8080");
  client.send(7, "x", true);
  assert.equal((await readPair(client, 5)).data, "heard x");
  client.socket.destroy();
});

test("a connection that the program resets is told as such", async () => {
  const client = await startSpdy("p");
  openPair(client, 1, "8081");
  client.send(3, "x");
  assert.match((await readPair(client, 1)).error, /: read: connection reset by peer$/);
  client.socket.destroy();
});

test("streams of no port, of no type, and those that come twice are reset", async () => {
  const client = await startSpdy("p");
  const wrong: [string, string][][] = [
    [["streamtype", "data"]],
    [
      ["streamtype", "data"],
      ["port", "0"],
    ],
    [
      ["streamtype", "data"],
      ["port", "65536"],
    ],
    [
      ["streamtype", "data"],
      ["port", "-1"],
    ],
    [
      ["streamtype", "other"],
      ["port", "8080"],
    ],
    [["port", "8080"]],
  ];
  let id = 1;
  for (const headers of wrong) {
    client.open(id, new Map(headers));
    assert.equal((await client.next())?.type, "syn-reply");
    assert.deepEqual(await client.next(), { type: "rst-stream", streamId: id, status: 5 });
    id += 2;
  }
  for (const status of [undefined, 5]) {
    client.open(id, headersOf("data", "8080", "twice"));
    assert.equal((await client.next())?.type, "syn-reply");
    if (status !== undefined)
      assert.deepEqual(await client.next(), { type: "rst-stream", streamId: id, status });
    id += 2;
  }
  client.socket.destroy();
});

test("the end of the pod ends the connection", async () => {
  const client = await startSpdy("dies");
  openPair(client, 1, "8080");
  assert.equal((await client.next())?.type, "syn-reply");
  assert.equal((await client.next())?.type, "syn-reply");
  gone.resolve();
  let last = await client.next();
  for (let frame = last; frame !== undefined; frame = await client.next()) last = frame;
  assert.equal(last?.type, "go-away");
});

// What Kubernetes v1.36.3 answers.
test("over channels each port's two begin with its number, little end first", async () => {
  const socket = open("p", "ports=8080&ports=9", ["v4.channel.k8s.io"]);
  const messages: string[] = [];
  socket.on("message", (data) => messages.push((data as Buffer).toString("latin1")));
  while (messages.length < 5) await once(socket, "message");
  assert.deepEqual(messages, ["\0\x90\x1f", "\x01\x90\x1f", "\x02\t\0", "\x03\t\0", `\x03${refused}`]);
  socket.terminate();
});

test("over channels in base64, and the end when all connections have ended", async () => {
  const socket = open("p", "ports=9", ["v4.base64.channel.k8s.io"]);
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  assert.equal((await once(socket, "close"))[0], 1000);
  assert.deepEqual(messages, ["0CQA=", "1CQA=", `1${Buffer.from(refused).toString("base64")}`]);
});

const refusals: readonly [path: string, protocol: string, answer: RegExp][] = [
  ["p/portforward", "v4.channel.k8s.io", /^400 query parameter "port" is required$/],
  ["p/portforward?ports=0", "v4.channel.k8s.io", /^400 port "0" must be > 0$/],
  ["p/portforward?ports=9", "v5.channel.k8s.io", /^403 $/],
  [
    "p/portforward?ports=x",
    "v4.channel.k8s.io",
    /^400 .*"cannot convert to \[\]int32: strconv.ParseUint: parsing \\"x\\": invalid syntax"/,
  ],
  ["p/portforward?ports=70000", "v4.channel.k8s.io", /parsing \\"70000\\": value out of range"/],
  ["away/portforward?ports=9", "v4.channel.k8s.io", /^500 pod not found \("away_default"\)$/],
  ["nowhere/portforward?ports=9", "v4.channel.k8s.io", /^400 .*pod nowhere does not have a host assigned/],
  ["none/portforward?ports=9", "v4.channel.k8s.io", /^404 .*pods \\"none\\" not found/],
];
for (const [path, protocol, answer] of refusals)
  test(`${path} with ${protocol} is refused`, async () => {
    const { status, body } = await upgrade(path, {
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.alloc(16).toString("base64"),
      "sec-websocket-protocol": protocol,
    });
    assert.match(`${status} ${body}`, answer);
  });

function headersOf(type: string, port: string, requestId: string): SpdyHeaders {
  return new Map([
    ["streamtype", type],
    ["port", port],
    ["requestid", requestId],
  ]);
}

/** Opens the stream for errors with the number `id`, and the one for data with the next. */
function openPair(client: SpdyClient, id: number, port: string): void {
  client.open(id, headersOf("error", port, String(id)));
  client.open(id + 2, headersOf("data", port, String(id)));
}

/** What comes on a pair of streams until both have ended, and in which order they do. */
async function readPair(client: SpdyClient, id: number) {
  const texts = new Map([
    [id, ""],
    [id + 2, ""],
  ]);
  const ended: number[] = [];
  while (ended.length < 2) {
    const frame = await client.next();
    assert.ok(frame !== undefined, "the connection ended");
    if (frame.type === "rst-stream") ended.push(frame.streamId);
    if (frame.type !== "data") continue;
    texts.set(frame.streamId, `${texts.get(frame.streamId)}${String(frame.data)}`);
    if (frame.isLast) ended.push(frame.streamId);
  }
  return { error: texts.get(id)!, data: texts.get(id + 2)!, ended };
}

function portOf(server: Server | undefined): number {
  return server === undefined ? 9 : (server.address() as AddressInfo).port;
}

function open(name: string, query: string, protocols: string[]): WebSocket {
  const { ca, cert, key } = connection;
  const url = `${api.url.replace("https", "wss")}/api/v1/namespaces/default/pods/${name}/portforward?${query}`;
  return new WebSocket(url, protocols, { ca, cert, key });
}

async function startSpdy(name: string): Promise<SpdyClient> {
  const headers = { upgrade: "SPDY/3.1", "x-stream-protocol-version": "portforward.k8s.io" };
  const { status, socket } = await upgrade(`${name}/portforward`, headers, "POST");
  assert.equal(status, 101);
  return spdyClient(socket!);
}

async function upgrade(path: string, headers: Record<string, string>, method = "GET") {
  const { ca, cert, key } = connection;
  const url = `${api.url}/api/v1/namespaces/default/pods/${path}`;
  const options = { method, agent: false as const, ca, cert, key };
  const sent = request(url, { ...options, headers: { connection: "upgrade", ...headers } });
  sent.end();
  const [response, socket] = await Promise.race([once(sent, "upgrade"), once(sent, "response")]);
  if (socket !== undefined) return { status: 101, body: "", socket: socket as Socket };
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode as number, body };
}
