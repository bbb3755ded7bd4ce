import { once } from "node:events";
import http2 from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { connectClient, type Target } from "./drain-client.ts";
import { connectWire, isWholeAnswer, requestBytes } from "./drain-wire.ts";

/** One candidate process under one case. */
export interface Drained extends Target {
  /** Sends SIGTERM. */
  terminate(): void;
  /** Resolves when the candidate's endpoint is out of rotation: from here on no new client is sent to it. */
  readonly endpointGone: Promise<void>;
  readonly isGone: () => boolean;
}

/** The outcome of the requests. */
export interface CaseResult {
  asked: number;
  /** Why each lost one was lost. */
  readonly lost: string[];
}

/** The states in which a connection can meet a shutdown. */
export const drainCases: Readonly<Record<string, (drained: Drained) => Promise<CaseResult>>> = {
  "keep-alive": (drained) => together(drained, 10, keepAlive),
  "new connections": (drained) => together(drained, 4, newConnections),
  "in-flight slow response": (drained) => together(drained, 10, oneRequest("/slow", "slow")),
  streaming: (drained) => together(drained, 10, oneRequest("/stream", "end\n")),
  "half-sent head": halfSentHead,
  "never-used socket": neverUsed,
  WebSocket: webSocket,
  SSE: (drained) => together(drained, 3, oneRequest("/events", "tick\n\n")),
};

/** How long a case runs before SIGTERM. */
const beforeMs = 200;

type Part = (drained: Drained, result: CaseResult) => Promise<void>;

async function together(drained: Drained, count: number, part: Part): Promise<CaseResult> {
  const result: CaseResult = { asked: 0, lost: [] };
  const parts = Array.from({ length: count }, () => part(drained, result));
  await sleep(beforeMs);
  drained.terminate();
  await Promise.all(parts);
  return result;
}

async function ask(result: CaseResult, request: () => Promise<string>, ending = "ok"): Promise<void> {
  result.asked += 1;
  try {
    const body = await request();
    if (!body.endsWith(ending)) result.lost.push("truncated");
  } catch (error) {
    result.lost.push(error instanceof Error ? error.message : String(error));
  }
}

/** A client behind a Service: it stays on its connection, and connects here again as long as the Service sends it here. */
async function keepAlive(drained: Drained, result: CaseResult): Promise<void> {
  const client = connectClient(drained);
  while (!(drained.isGone() && client.mustReconnect) && result.lost.length < 1_000) {
    const lostBefore = result.lost.length;
    await ask(result, () => client.ask("/"));
    if (drained.isGone() && result.lost.length > lostBefore) break; // Its connection is gone with the request.
    await sleep(5);
  }
  client.close();
}

async function newConnections(drained: Drained, result: CaseResult): Promise<void> {
  while (!drained.isGone()) {
    const client = connectClient(drained);
    await ask(result, () => client.ask("/"));
    client.close();
    await sleep(5);
  }
}

function oneRequest(path: string, ending: string): Part {
  return async (drained, result) => {
    const client = connectClient(drained);
    await ask(result, () => client.ask(path), ending);
    client.close();
  };
}

async function halfSentHead(drained: Drained): Promise<CaseResult> {
  const socket = await connectWire(drained);
  const bytes = requestBytes(drained);
  const received: Buffer[] = [];
  const answered = new Promise<boolean>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      received.push(chunk);
      if (isWholeAnswer(drained, Buffer.concat(received))) resolve(true);
    });
    socket.on("close", () => resolve(isWholeAnswer(drained, Buffer.concat(received))));
  });
  socket.write(bytes.subarray(0, -6));
  await sleep(beforeMs / 2);
  drained.terminate();
  await drained.endpointGone;
  await sleep(400); // By now a candidate that drains has stopped listening.
  socket.write(bytes.subarray(-6));
  const whole = await answered;
  socket.destroy();
  return { asked: 1, lost: whole ? [] : ["no answer"] };
}

/** No request is sent, so none can be lost. The case checks that the process does not wait for the connection. */
async function neverUsed(drained: Drained): Promise<CaseResult> {
  const socket = await connectWire(drained);
  const closed = once(socket, "close");
  socket.resume();
  await sleep(beforeMs);
  drained.terminate();
  await closed;
  return { asked: 0, lost: [] };
}

/** Counts as lost each message without its echo, and an end without the Close that tells the client to go elsewhere. */
async function webSocket(drained: Drained): Promise<CaseResult> {
  if (drained.scheme === "h2" || drained.scheme === "h2c") return webSocketStream(drained);
  const result: CaseResult = { asked: 0, lost: [] };
  const scheme = drained.scheme === "https" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://localhost:${drained.port}/ws`, {
    ca: drained.ca,
    family: 4,
  });
  await once(socket, "open");
  let echoed = 0;
  socket.on("message", () => (echoed += 1));
  const closed = once(socket, "close") as Promise<[number]>;
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    result.asked += 1;
    socket.send("hello");
  }, 50);
  await sleep(beforeMs);
  drained.terminate();
  const [code] = await closed;
  clearInterval(timer);
  if (code !== 1_001) result.lost.push(`closed with ${code}`);
  // The message that crossed with the Close may stay without an echo: RFC 6455, section 5.5.1.
  for (let missing = echoed + 1; missing < result.asked; missing++) result.lost.push("no echo");
  return result;
}

/** The same with a WebSocket over HTTP/2: RFC 8441. */
async function webSocketStream(drained: Drained): Promise<CaseResult> {
  const result: CaseResult = { asked: 0, lost: [] };
  const authority = `${drained.scheme === "h2" ? "https" : "http"}://localhost:${drained.port}`;
  const session = http2.connect(authority, {
    ca: drained.ca,
    lookup: (_, __, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
  });
  session.on("error", () => undefined);
  await once(session, "remoteSettings");
  const stream = session.request(
    { ":method": "CONNECT", ":protocol": "websocket", ":path": "/ws" },
    { endStream: false },
  );
  stream.on("error", () => undefined);
  const received: Buffer[] = [];
  const hello = Buffer.from("hello");
  const closed = new Promise<void>((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      received.push(chunk);
      if (Buffer.concat(received).includes(goingAway)) stream.end();
    });
    stream.on("close", resolve);
  });
  const timer = setInterval(() => {
    if (!stream.writable || Buffer.concat(received).includes(goingAway)) return;
    result.asked += 1;
    stream.write(hello);
  }, 50);
  await sleep(beforeMs);
  drained.terminate();
  await closed;
  clearInterval(timer);
  session.destroy();
  const bytes = Buffer.concat(received);
  if (!bytes.includes(goingAway)) result.lost.push("no Close");
  const echoed = bytes.toString("latin1").split("hello").length - 1;
  for (let missing = echoed + 1; missing < result.asked; missing++) result.lost.push("no echo");
  return result;
}

/** An unmasked Close with 1001. */
const goingAway = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
