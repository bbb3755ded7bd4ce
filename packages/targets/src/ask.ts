import { request, type OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";

/** What a trial asks with. */
export type Method = "GET" | "POST";

/** Opens a connection. Rejects with an errno error. */
export type Open = (timeoutMs: number) => Promise<Socket>;

/** One question. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly hostHeader: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Left out: that of the load for a POST, none for other methods. */
  readonly body?: string;
  /** The answer has to come to its end, too: a stream of events begins well and never ends. */
  readonly isWhole?: boolean;
}

/** How it was answered: by a status, by no connection, or over a connection in words that are no HTTP/1.1. */
export type Answer =
  | { readonly kind: "status"; readonly status: number; readonly location?: string }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "no-http"; readonly detail: string; readonly waited: boolean };

const timeoutMs = 5_000;

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
    return await exchange(socket, question);
  } finally {
    socket.destroy();
  }
}

/** Whether it is a status that a request of the load may have. */
export function isGood(answer: Answer): boolean {
  return answer.kind === "status" && answer.status >= 200 && answer.status < 400;
}

/** For people: `200`, `ECONNREFUSED`, `closed without an answer`. */
export function answerText(answer: Answer): string {
  return answer.kind === "status" ? String(answer.status) : answer.detail;
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

function headersOf({ hostHeader, headers = [] }: Question, body: string | undefined): OutgoingHttpHeaders {
  const own =
    body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const given = headers.map(([name, value]) => [name.toLowerCase(), value]);
  return { host: hostHeader, connection: "close", ...own, ...Object.fromEntries(given) };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** What Node's parser and sockets call it, in words about the server. */
function wordsOf(code: string): string {
  if (code === "ECONNRESET" || code === "EPIPE") return "closed without an answer";
  return code.startsWith("HPE_") ? "an answer that is no HTTP/1.1" : code;
}
