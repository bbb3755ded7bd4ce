import { statusName } from "@seaworthy/load";

/** One question. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly hostHeader: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Left out: that of the load for a POST, none for other methods; for a call of gRPC an empty message. */
  readonly body?: string | Uint8Array;
  /** A call of gRPC: the path is its method, and the status of its answer a code. */
  readonly isCall?: boolean;
  /** The answer has to come to its end, too: a stream of events begins well and never ends. */
  readonly isWhole?: boolean;
}

/** How it was answered: by a status (of gRPC one below 100), by no connection, or over a connection in words that are not understood. */
export type Answer =
  | { readonly kind: "status"; readonly status: number; readonly location?: string }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "no-http"; readonly detail: string; readonly waited: boolean };

/** How long an answer may take. */
export const timeoutMs = 5_000;

/** Whether it is a status that a request of the load may have: of gRPC only OK. */
export function isGood(answer: Answer): boolean {
  return answer.kind === "status" && (answer.status === 0 || (answer.status >= 200 && answer.status < 400));
}

/** For people: `200`, `UNAVAILABLE`, `ECONNREFUSED`, `closed without an answer`. */
export function answerText(answer: Answer): string {
  return answer.kind === "status" ? statusName(answer.status) : answer.detail;
}

/** For people: `GET /orders`, `call of shop.Carts/Get`. */
export function questionText({ method, path, isCall }: Pick<Question, "method" | "path" | "isCall">): string {
  return isCall === true ? `call of ${path.slice(1)}` : `${method} ${path}`;
}

/** The errno of an error, or its text. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** What Node's parser and sockets call it, in words about the server. */
export function wordsOf(code: string): string {
  if (code === "ECONNRESET" || code === "EPIPE") return "closed without an answer";
  return code.startsWith("HPE_") ? "an answer that is no HTTP/1.1" : code;
}
