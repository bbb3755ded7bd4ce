import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:https";
import { PassThrough } from "node:stream";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import type { ExecCommand, Kubelet } from "../../kubelet.ts";
import type { RemoteProcess } from "../../remote-process.ts";
import { pod, silentNodes, startApi } from "../testing/start-api.ts";
import type { ListeningApi } from "../http/serve-api.ts";

/** Commands of a pod that has three: `echo` writes what it reads, `fail` ends with 7, `nope` is not there. */
const commands: Readonly<Record<string, () => RemoteProcess>> = {
  hi: () => finished("hi\n", 0),
  fail: () => finished("", 7),
  echo() {
    const stdin = new PassThrough();
    return { stdin, stdout: stdin, exited: once(stdin, "end").then(() => 0), release: () => stdin.destroy() };
  },
};

function finished(output: string, exitCode: number): RemoteProcess {
  const stdout = new PassThrough();
  stdout.end(output);
  const stderr = new PassThrough();
  stderr.end();
  return { stdout, stderr, exited: Promise.resolve(exitCode), release() {} };
}

const kubelet: Kubelet = {
  ...silentNodes,
  findPod: () => ({
    sandboxId: "",
    ended: new Promise(() => {}),
    dialLocalhost: () => Promise.reject(new Error("nothing listens")),
    findContainer: () => ({
      standInFor: undefined,
      exec: ({ argv: [name = ""] }: ExecCommand) => {
        const run = commands[name];
        return run === undefined ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve(run());
      },
      attach: () => finished("attached", 0),
    }),
  }),
};

let api: ListeningApi;
let connection: KubeconfigConnection;
before(async () => {
  const fixture = await startApi({ startMs: Date.now(), kubelet });
  await fixture.client.create(resourceTypes.pods, pod("p", { nodeName: "node-1" }));
  api = await fixture.start();
  connection = await readKubeconfig({ text: api.kubeconfig });
});
after(() => api[Symbol.asyncDispose]());

const success = '{"metadata":{},"status":"Success"}';
const failedV5 = String.raw`{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}`;
const failedV4 = String.raw`{"status":"Failure","message":"command terminated with non-zero exit code: error executing command [fail], exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}`;

// What Kubernetes v1.36.3 answers.
const conversations: readonly [command: string, protocols: string[], messages: string[]][] = [
  ["hi", ["v5.channel.k8s.io"], ["\u0001", "\u0001hi\n", `\u0003${success}`]],
  ["hi", ["v4.channel.k8s.io", "v5.channel.k8s.io"], ["\u0001", "\u0001hi\n", `\u0003${success}`]],
  ["hi", ["v4.channel.k8s.io"], ["\u0001", "\u0001hi\n", '\u0003{"status":"Success"}']],
  ["hi", ["channel.k8s.io"], ["\u0001", "\u0001hi\n"]],
  ["hi", [], ["\u0001", "\u0001hi\n"]],
  ["hi", ["v4.base64.channel.k8s.io"], ["1", "1aGkK", "3eyJzdGF0dXMiOiJTdWNjZXNzIn0="]],
  ["fail", ["v5.channel.k8s.io"], ["\u0001", `\u0003${failedV5}`]],
  ["fail", ["v4.channel.k8s.io"], ["\u0001", `\u0003${failedV4}`]],
  [
    "fail",
    ["channel.k8s.io"],
    [
      "\u0001",
      "\u0003command terminated with non-zero exit code: error executing command [fail], exit code 7",
    ],
  ],
];
for (const [command, protocols, messages] of conversations)
  test(`${command} over a WebSocket that offers ${protocols.join(", ") || "nothing"}`, async () => {
    const socket = open(`exec?command=${command}&stdout=1&stderr=1`, protocols);
    assert.deepEqual(await readAll(socket), messages);
  });

test("a message of v5 ends the input; an earlier protocol has no word for it", async () => {
  const socket = open("exec?command=echo&stdin=1&stdout=1", ["v5.channel.k8s.io"]);
  await once(socket, "open");
  socket.send(Buffer.from("\0abc"));
  socket.send(Buffer.of(255, 0));
  assert.deepEqual((await readAll(socket)).slice(1), ["\u0001abc", `\u0003${success}`]);
});

test("messages that mean nothing are left out", async () => {
  const socket = open("exec?command=echo&stdin=1&stdout=1", ["v5.channel.k8s.io"]);
  await once(socket, "open");
  for (const message of [[], [0], [7, 1, 2], [1, 65], [3, 66], [255], [255, 9], [255, 255]])
    socket.send(Buffer.from(message));
  socket.send("\0text");
  socket.send(Buffer.of(255, 0));
  assert.deepEqual((await readAll(socket)).slice(1), ["\u0001text", `\u0003${success}`]);
});

test("base64 that is none is read as far as it goes", async () => {
  const socket = open("exec?command=echo&stdin=1&stdout=1", ["v4.base64.channel.k8s.io"]);
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  await once(socket, "open");
  for (const message of ["", "9", "x", "0", "0!!!!", "0YWJj"]) socket.send(message);
  while (!messages.includes("1YWJj")) await once(socket, "message");
  socket.terminate();
});

test("a frame that breaks the protocol ends the connection, and nothing else", async () => {
  const { socket } = await upgrade("exec?command=echo&stdin=1&stdout=1", {
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    "sec-websocket-protocol": "v5.channel.k8s.io",
  });
  // Not masked, reserved bits set, a length of 2^63.
  socket!.write(Buffer.from("f27fffffffffffffffff", "hex"));
  socket!.resume();
  await once(socket, "close");
  assert.deepEqual(await readAll(open("exec?command=hi&stdout=1", ["channel.k8s.io"])), [
    "\u0001",
    "\u0001hi\n",
  ]);
});

const refusals: readonly [what: string, path: string, headers: Record<string, string>, answer: string][] = [
  [
    "who offers protocols that are not known",
    "exec?command=hi&stdout=1",
    { ...handshake(), "sec-websocket-protocol": "v3.channel.k8s.io" },
    "403 ",
  ],
  [
    "who wants no stream",
    "exec?command=hi",
    handshake(),
    "400 you must specify at least 1 of stdin, stdout, stderr",
  ],
  [
    "who offers no protocol over SPDY",
    "exec?command=hi&stdout=1",
    { upgrade: "SPDY/3.1" },
    "400 unable to upgrade: header X-Stream-Protocol-Version does not exist in request with 3 headers\n",
  ],
  [
    "who offers another protocol over SPDY",
    "exec?command=hi&stdout=1",
    { upgrade: "SPDY/3.1", "x-stream-protocol-version": "v9" },
    "403 unable to upgrade: unable to negotiate protocol: client supports [v9], server accepts [v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]\n",
  ],
];
for (const [what, path, headers, answer] of refusals)
  test(`${what} is refused`, async () => {
    const { status, body } = await upgrade(path, headers);
    assert.equal(`${status} ${body}`, answer);
  });

test("a plain request is told to upgrade, and HEAD is no method of it", async () => {
  for (const [method, status] of [
    ["GET", 400],
    ["POST", 400],
    ["HEAD", 405],
    ["PUT", 405],
    ["DELETE", 405],
  ] as const)
    assert.equal((await upgrade("exec?command=hi&stdout=1", { connection: "close" }, method)).status, status);
});

function open(path: string, protocols: string[]): WebSocket {
  const { ca, cert, key } = connection;
  const url = `${api.url.replace("https", "wss")}/api/v1/namespaces/default/pods/p/${path}`;
  return new WebSocket(url, protocols, { ca, cert, key });
}

async function readAll(socket: WebSocket): Promise<string[]> {
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  const [code] = (await once(socket, "close")) as [number];
  assert.equal(code, 1000);
  return messages;
}

function handshake(): Record<string, string> {
  const key = Buffer.alloc(16).toString("base64");
  return { upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": key };
}

/** Asks for another protocol by hand; gives the connection when it was changed, else the answer. */
async function upgrade(path: string, headers: Record<string, string>, method = "GET") {
  const { ca, cert, key } = connection;
  const url = `${api.url}/api/v1/namespaces/default/pods/p/${path}`;
  const sent = request(url, {
    method,
    agent: false,
    ca,
    cert,
    key,
    headers: { connection: "upgrade", ...headers },
  });
  sent.end();
  const [response, socket] = await Promise.race([once(sent, "upgrade"), once(sent, "response")]);
  if (socket !== undefined) return { status: 101, body: "", socket };
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode as number, body };
}
