import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import type { Probe } from "@seaworthy/kube";
import type { PodSandbox } from "../runtime/pod-runtime.ts";
import { dialMessage } from "./dial-message.ts";
import type { ProbeResult } from "./probe-worker.ts";

/**
 * Asks an app for its health by gRPC (grpc.health.v1.Health/Check), with the messages of
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/probe/grpc/grpc.go
 */
export async function probeGrpc(
  { port, service = "" }: NonNullable<Probe["grpc"]>,
  sandbox: PodSandbox,
  timeoutMs: number,
): Promise<ProbeResult> {
  const address = `${sandbox.ip}:${port}`;
  const startedMs = performance.now();
  let socket: Duplex;
  try {
    socket = await sandbox.dial(port, timeoutMs);
  } catch (error) {
    // Kubernetes goes on trying until the timeout, and then says only that.
    const why = dialMessage(error, sandbox.ip, port);
    return failure(`error: failed to connect service at "${address}": ${why}`);
  }
  const session = connect(`http://${address}`, { createConnection: () => socket });
  const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
  const timedOut = Promise.withResolvers<"timeout">();
  const timer = setTimeout(() => timedOut.resolve("timeout"), leftMs);
  let isConnected = false;
  session.once("remoteSettings", () => (isConnected = true));
  try {
    const answer = await Promise.race([check(session, service), timedOut.promise]);
    if (answer !== "timeout") return judge(answer);
    return failure(
      isConnected
        ? `timeout: health rpc did not complete within ${timeoutMs / 1000}s`
        : `timeout: failed to connect service "${address}" within ${timeoutMs / 1000}s: context deadline exceeded`,
    );
  } catch (error) {
    return failure(`error: failed to connect service at "${address}": ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    session.destroy();
    socket.destroy();
  }
}

/** What came back: the call's status and the one message. */
interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function check(session: ClientHttp2Session, service: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    session.on("close", () => reject(new Error("connection closed")));
    const call = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      "user-agent": "kube-probe/1.36",
      te: "trailers",
    });
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const note = (more: IncomingHttpHeaders) => (headers = { ...headers, ...more });
    call.on("response", note);
    call.on("trailers", note);
    call.on("data", (chunk: Buffer) => chunks.push(chunk));
    call.on("error", reject);
    call.on("end", () => resolve({ headers, body: Buffer.concat(chunks) }));
    call.end(frame(healthCheckRequest(service)));
  });
}

function judge({ headers, body }: Answer): ProbeResult {
  const { code, message } = callStatus(headers);
  if (code === unimplemented)
    return failure(
      `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`,
    );
  if (code !== 0) {
    const name = codeNames[code] ?? `Code(${code})`;
    return failure(`error: health rpc probe failed: rpc error: code = ${name} desc = ${message}`);
  }
  const status = servingStatus(body.subarray(frameHeaderBytes));
  return status === serving
    ? { success: true, message: "" }
    : failure(`service unhealthy (responded with "${servingNames[status] ?? status}")`);
}

/** The status that the server gives a call; what is not gRPC has none, and gRPC then goes by the status of HTTP. */
function callStatus(headers: IncomingHttpHeaders): { code: number; message: string } {
  const { "grpc-status": code, "grpc-message": message } = headers;
  const http = Number(headers[":status"]);
  if (code !== undefined)
    return { code: Number(code), message: decodeMessage(typeof message === "string" ? message : "") };
  // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
  const text = `unexpected HTTP status code received from server: ${http}`;
  return { code: http === 404 ? unimplemented : unknown, message: text };
}

function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A message of gRPC is its length after a byte that says whether it is compressed. */
function frame(message: Buffer): Buffer {
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** `message HealthCheckRequest { string service = 1; }` in protobuf. */
function healthCheckRequest(service: string): Buffer {
  const text = Buffer.from(service);
  if (text.length === 0) return text;
  const length: number[] = [];
  for (let rest = text.length; length.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
  return Buffer.concat([Buffer.from([0x0a, ...length]), text]);
}

/** `message HealthCheckResponse { ServingStatus status = 1; }` in protobuf, where 0 is left out. */
function servingStatus(message: Buffer): number {
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}

function failure(message: string): ProbeResult {
  return { success: false, message };
}

const frameHeaderBytes = 5;
const serving = 1;
const servingNames = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];
const unknown = 2;
const unimplemented = 12;
/** The names that grpc-go gives the codes (google.golang.org/grpc/codes). */
const codeNames = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
];
