import http2, { type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { AnswerHead } from "../http/answer-head.ts";
import { grpcStatusOf, isGrpcAnswer, statusName, type GrpcStatus } from "../http/grpc-status.ts";
import type { StreamEnd } from "../measure/stream-end.ts";
import type { StreamTemplate } from "../plan/plan.ts";
import { errnoOf } from "../transport/failure-class.ts";
import { http2CodeName } from "../transport/http2-code-name.ts";
import { http2Fields, http2Head } from "../transport/http2-head.ts";
import type { OpenStream } from "./stream.ts";

/** OK, and UNAVAILABLE, by which a server that goes sends its clients elsewhere. */
const goodCodes: ReadonlySet<number> = new Set([0, 14]);

/**
 * Calls a method of gRPC that answers by a stream, over a connection of its own. The stream is open when its answer begins, and
 * ends with the trailers (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses). No pings are sent, because
 * servers end a connection that pings more often than every five minutes
 * (https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md). Rejects with the reason when it is not opened in time.
 */
export async function openCallStream(
  socket: Socket,
  { path, headers = [], body = Buffer.alloc(5) }: Pick<StreamTemplate, "path" | "headers" | "body">,
  hostHeader: string,
  openMs: number,
): Promise<OpenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenStream>();
  const ended = Promise.withResolvers<Pick<StreamEnd, "end" | "detail">>();
  const over = (end: StreamEnd["end"], detail: string) => {
    reject(new Error(detail));
    ended.resolve({ end, detail });
  };
  // Where not even a request can be made, nobody waits for it.
  promise.catch(() => undefined);
  const session = http2.connect("http://localhost", { createConnection: () => socket });
  let failure: string | undefined;
  const onError = (error: Error) => (failure ??= errnoOf(error));
  session.on("error", onError);
  socket.on("error", onError);
  session.on("close", () => over("broken", failure ?? "closed in the middle of the answer"));
  const timer = setTimeout(() => reject(new Error("no answer in time")), openMs);
  const close = () => {
    over("announced", "closed by the client");
    session.destroy();
  };
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      ":scheme": "encrypted" in socket ? "https" : "http",
      ":authority": hostHeader,
      ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    });
    listen(session, stream, (headers) => resolve({ headers, ended: ended.promise, close }), over);
    stream.end(body);
    return await promise;
  } catch (error) {
    session.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Tells when an answer begins that is a stream, and when it is over. A session that ends tells that by itself. */
function listen(
  session: ClientHttp2Session,
  stream: ClientHttp2Stream,
  begun: (headers: OpenStream["headers"]) => void,
  over: (end: StreamEnd["end"], detail: string) => void,
): void {
  let head: AnswerHead | undefined;
  let status: GrpcStatus | undefined;
  stream.on("response", (headers) => {
    head = http2Head(headers);
    const problem = problemOf(head);
    if (problem === undefined) begun(headers);
    else over("broken", problem);
  });
  stream.on("trailers", (fields) => {
    if (head !== undefined) status = grpcStatusOf(head, http2Fields(fields));
  });
  // Its close tells of it, with the code.
  stream.on("error", () => undefined);
  stream.on("close", () => {
    const code = stream.rstCode ?? 0;
    if (status !== undefined) over(goodCodes.has(status.code) ? "announced" : "broken", textOf(status));
    else if (!session.destroyed)
      over(
        "broken",
        code === 0 ? "the answer ended without a grpc-status" : `RST_STREAM ${http2CodeName(code)}`,
      );
    session.destroy();
  });
  stream.resume();
}

/** Why an answer is not the begin of a stream; undefined where it is. */
function problemOf(head: AnswerHead): string | undefined {
  if (head.status !== 200) return `status ${head.status}`;
  if (!isGrpcAnswer(head)) return `content-type ${head.header("content-type") ?? ""}`;
  const status = grpcStatusOf(head, undefined);
  return status === undefined ? undefined : textOf(status);
}

function textOf({ code, message }: GrpcStatus): string {
  return `grpc-status ${statusName(code)}${message === "" ? "" : `: ${message.slice(0, 100)}`}`;
}
