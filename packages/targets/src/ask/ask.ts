import { request, type OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { codeOf, timeoutMs, wordsOf, type Answer, type Question } from "./answer.ts";
import { call } from "./call.ts";

/** What a trial asks with. */
export type Method = "GET" | "POST";

/** Opens a connection. Rejects with an errno error. */
export type Open = (timeoutMs: number) => Promise<Socket>;

/** A body as the load has it, so that what is answered here is answered then. */
const usualBody = '{"from":"seaworthy-load"}';

/** Asks once, on a connection of its own. */
export async function ask(open: Open, question: Question): Promise<Answer> {
  let socket: Socket;
  try {
    socket = await open(timeoutMs);
  } catch (error) {
    return { kind: "refused", detail: codeOf(error) };
  }
  try {
    return await (question.isCall === true ? call(socket, question) : exchange(socket, question));
  } finally {
    socket.destroy();
  }
}

async function exchange(socket: Socket, question: Question): Promise<Answer> {
  const { method, path, isWhole = false } = question;
  const body = question.body ?? (method === "POST" ? usualBody : undefined);
  const result = Promise.withResolvers<Answer>();
  const sent = request({ createConnection: () => socket, method, path, headers: headersOf(question, body) });
  const timer = setTimeout(() => {
    result.resolve({
      kind: "no-http",
      detail: `no ${isWhole ? "whole " : ""}answer within ${timeoutMs / 1000} s`,
      waited: true,
    });
  }, timeoutMs);
  sent.on("response", (response) => {
    response.on("error", (error) =>
      result.resolve({ kind: "no-http", detail: wordsOf(codeOf(error)), waited: false }),
    );
    response.resume();
    const { location } = response.headers;
    const status = response.statusCode ?? 0;
    const answer = { kind: "status", status, ...(location === undefined ? {} : { location }) } as const;
    if (isWhole) response.on("end", () => result.resolve(answer));
    else result.resolve(answer);
  });
  sent.on("upgrade", (response) => result.resolve({ kind: "status", status: response.statusCode ?? 0 }));
  sent.on("error", (error) =>
    result.resolve({ kind: "no-http", detail: wordsOf(codeOf(error)), waited: false }),
  );
  sent.end(body);
  const answer = await result.promise;
  clearTimeout(timer);
  return answer;
}

function headersOf({ hostHeader, headers = [] }: Question, body: Question["body"]): OutgoingHttpHeaders {
  const own =
    body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const given = headers.map(([name, value]) => [name.toLowerCase(), value]);
  return { host: hostHeader, connection: "close", ...own, ...Object.fromEntries(given) };
}
