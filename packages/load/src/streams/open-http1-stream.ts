import { createHash, randomBytes } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { StreamEnd } from "../measure/stream-end.ts";
import type { StreamTemplate } from "../plan/plan.ts";
import { errnoOf } from "../transport/failure-class.ts";
import type { OpenStream, StreamTimes } from "./stream.ts";
import { clientFrame, closeCode, FrameReader } from "./web-socket-frames.ts";

/**
 * Opens server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) or a WebSocket
 * (https://www.rfc-editor.org/rfc/rfc6455) over a socket of its own. Rejects with the reason when the server does not open it.
 */
export async function openHttp1Stream(
  socket: Socket,
  {
    kind,
    path,
    headers = [],
  }: Pick<StreamTemplate, "path" | "headers"> & { readonly kind: "sse" | "websocket" },
  hostHeader: string,
  times: StreamTimes,
): Promise<OpenStream> {
  const key = randomBytes(16).toString("base64");
  const own =
    kind === "sse"
      ? { accept: "text/event-stream", "cache-control": "no-store" }
      : {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": key,
        };
  const given = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const { promise, resolve, reject } = Promise.withResolvers<OpenStream>();
  const sent = request({
    createConnection: () => socket,
    path,
    headers: { host: hostHeader, "user-agent": "seaworthy-load", ...given, ...own },
  });
  const timer = setTimeout(() => reject(new Error("no answer in time")), times.openMs);
  sent.on("error", reject);
  sent.on("response", (answer) => {
    const type = answer.headers["content-type"] ?? "";
    if (kind === "websocket" || answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
    else if (!/^text\/event-stream\b/i.test(type)) reject(new Error(`content-type ${type}`));
    else resolve(eventStream(answer, socket));
  });
  sent.on("upgrade", (answer, _socket, first: Buffer) => {
    const isOurs = answer.headers["sec-websocket-accept"] === acceptOf(key);
    if (kind === "websocket" && isOurs) resolve(webSocket(answer, socket, first, times.silentMs));
    else reject(new Error("an upgrade that was not asked for"));
  });
  sent.end();
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 6455, section 4.2.2. */
function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function eventStream(answer: IncomingMessage, socket: Socket): OpenStream {
  const { promise, resolve } = Promise.withResolvers<Pick<StreamEnd, "end" | "detail">>();
  answer.on("end", () => resolve({ end: "announced", detail: "end of the answer" }));
  answer.on("error", (error) => resolve({ end: "broken", detail: errnoOf(error) }));
  answer.on("close", () => resolve({ end: "broken", detail: "closed in the middle of the answer" }));
  answer.resume();
  return { headers: answer.headers, ended: promise, close: () => socket.destroy() };
}

/** Normal, going away, service restart: https://www.iana.org/assignments/websocket/websocket.xml#close-code-number */
const goodCodes: ReadonlySet<number> = new Set([1000, 1001, 1012]);
const goingAway = 1001;

function webSocket(answer: IncomingMessage, socket: Socket, first: Buffer, silentMs: number): OpenStream {
  const { promise, resolve } = Promise.withResolvers<Pick<StreamEnd, "end" | "detail">>();
  const reader = new FrameReader();
  let isAlive = true;
  // A server that answers no ping at all, against RFC 6455, section 5.5.2, says nothing by its silence.
  let answersPings = false;
  const over = (end: StreamEnd["end"], detail: string) => {
    clearInterval(timer);
    resolve({ end, detail });
  };
  const timer = setInterval(() => {
    if (!isAlive && answersPings) {
      over("broken", `silent for ${silentMs / 1000} s`);
      return void socket.destroy();
    }
    isAlive = false;
    socket.write(clientFrame("ping"));
  }, silentMs);
  const read = (bytes: Buffer) => {
    isAlive = true;
    for (const frame of reader.push(bytes)) {
      if (frame.kind === "pong") answersPings = true;
      if (frame.kind === "ping") socket.write(clientFrame("pong", frame.payload));
      if (frame.kind !== "close") continue;
      over(goodCodes.has(frame.code) ? "announced" : "broken", `close ${frame.code}`);
      // RFC 6455, section 5.5.1: a close is answered by one, and the server then closes the connection.
      socket.end(clientFrame("close", closeCode(goodCodes.has(frame.code) ? frame.code : goingAway)));
    }
    if (reader.problem === undefined) return;
    over("broken", reader.problem);
    socket.destroy();
  };
  socket.on("data", read);
  // RFC 6455, section 7.1.5: without a close frame it is as if the code were 1006.
  socket.on("error", (error) => over("broken", errnoOf(error)));
  socket.on("end", () => over("broken", "close 1006"));
  socket.on("close", () => over("broken", "close 1006"));
  if (first.length > 0) read(first);
  socket.resume();
  return {
    headers: answer.headers,
    ended: promise,
    close() {
      over("announced", "closed by the client");
      socket.end(clientFrame("close", closeCode(goingAway)), () => socket.destroy());
    },
  };
}
