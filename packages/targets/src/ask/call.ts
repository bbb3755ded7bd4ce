import { connect } from "node:http2";
import type { Socket } from "node:net";
import {
  type AnswerHead,
  grpcCall,
  grpcStatusOf,
  http2Fields,
  http2Head,
  isGrpcAnswer,
} from "@seaworthy/load";
import { codeOf, timeoutMs, wordsOf, type Answer, type Question } from "./answer.ts";

/** Calls a method of gRPC once, over a connection of its own. An answer that is none of gRPC has its status of HTTP. */
export async function call(
  socket: Socket,
  { path, hostHeader, headers = [], body }: Question,
): Promise<Answer> {
  const plain = grpcCall(path.slice(1));
  const session = connect(`http://${hostHeader}`, { createConnection: () => socket });
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const fail = (detail: string, waited = false) => resolve({ kind: "no-http", detail, waited });
  const failed = (error: unknown) => fail(wordsOf(codeOf(error)));
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`, true), timeoutMs);
  session.on("error", failed);
  socket.on("error", failed);
  session.once("close", () => fail("closed without an answer"));
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    ":authority": hostHeader,
    ...Object.fromEntries(
      [...(plain.headers ?? []), ...headers].map(([name, value]) => [name.toLowerCase(), value]),
    ),
  });
  let head: AnswerHead | undefined;
  let trailers: ReadonlyMap<string, string> | undefined;
  stream.on("response", (fields) => (head = http2Head(fields)));
  stream.on("trailers", (fields) => (trailers = http2Fields(fields)));
  stream.on("error", failed);
  stream.on("end", () => resolve(answerOf(head, trailers)));
  stream.resume();
  stream.end(body ?? plain.body);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

function answerOf(head: AnswerHead | undefined, trailers: ReadonlyMap<string, string> | undefined): Answer {
  if (head === undefined) return { kind: "no-http", detail: "closed without an answer", waited: false };
  if (head.status !== 200) return { kind: "status", status: head.status };
  const ended = isGrpcAnswer(head) ? grpcStatusOf(head, trailers) : undefined;
  return ended === undefined
    ? { kind: "no-http", detail: "an answer without a grpc-status", waited: false }
    : { kind: "status", status: ended.code };
}
