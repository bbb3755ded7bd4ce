import type { RequestTemplate } from "../plan/plan.ts";
import type { Slot } from "../plan/schedule.ts";

/** What a request's placeholders stand for. */
export interface RequestNames {
  token(i: number): string;
  uuid(i: number): string;
}

/** The parts of a request as HTTP/2 takes them. */
export interface RequestParts {
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
}

type Fill = (i: number) => string;

/** Writes the requests of one combination of target, client and request. */
export class RequestWriter {
  readonly #method: string;
  readonly #path: Fill;
  readonly #headers: readonly (readonly [name: string, value: Fill])[];
  /** Latin-1: each character is a byte. */
  readonly #body: Fill | undefined;
  readonly #closes: boolean;
  /** The whole request, when it is the same each time. */
  readonly #fixed: Buffer | undefined;

  constructor({ target, client, request }: Omit<Slot, "index">, names: RequestNames) {
    const body = bodyText(request);
    const path = request.path ?? target.path;
    const headers = headersOf(target.hostHeader, request);
    this.#method = request.method;
    this.#path = compile(path, names);
    this.#headers = headers.map(([name, value]) => [name, compile(value, names)]);
    this.#body =
      body === undefined ? undefined : typeof request.body === "string" ? compile(body, names) : () => body;
    this.#closes = client === "new-connection";
    const texts = [path, ...headers.map(([, value]) => value), typeof request.body === "string" ? body : ""];
    if (!texts.some((text) => placeholder.test(text ?? "")))
      this.#fixed = Buffer.from(this.#text(0), "latin1");
  }

  /** Request number i in HTTP/1.1: bytes, or a text to be written as Latin-1. */
  http1(i: number): Buffer | string {
    return this.#fixed ?? this.#text(i);
  }

  /** The parts of request number i, for HTTP/2. */
  parts(i: number): RequestParts {
    const body = this.#body?.(i);
    return {
      path: this.#path(i),
      headers: this.#headers.map(([name, value]) => [name, value(i)]),
      body: body === undefined ? undefined : Buffer.from(body, "latin1"),
    };
  }

  #text(i: number): string {
    const body = this.#body?.(i);
    let text = `${this.#method} ${this.#path(i)} HTTP/1.1\r\n`;
    for (const [name, value] of this.#headers) text += `${name}: ${value(i)}\r\n`;
    if (this.#closes) text += "Connection: close\r\n";
    // RFC 9110, section 8.6: a method that means something with a body says how long it is, even when it is empty.
    if (body !== undefined || mayHaveBody.has(this.#method))
      text += `Content-Length: ${body?.length ?? 0}\r\n`;
    return `${text}\r\n${body ?? ""}`;
  }
}

const mayHaveBody = new Set(["POST", "PUT", "PATCH"]);
const placeholder = /\{\{(?:index|token|uuid)\}\}/;

function headersOf(host: string, { headers = [], body }: RequestTemplate): (readonly [string, string])[] {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const defaults = [
    ["Host", host],
    ["User-Agent", "seaworthy-load"],
    ["Accept", "*/*"],
    ...(body === undefined ? [] : [["Content-Type", "application/octet-stream"]]),
  ] as [string, string][];
  return [...defaults.filter(([name]) => !given.has(name.toLowerCase())), ...headers];
}

function bodyText({ body }: RequestTemplate): string | undefined {
  return body === undefined ? undefined : Buffer.from(body).toString("latin1");
}

/** A text with placeholders as a function of the request's number. */
function compile(text: string, names: RequestNames): Fill {
  const [first = "", ...rest] = text.split(/\{\{(index|token|uuid)\}\}/);
  if (rest.length === 0) return () => text;
  const fills: Readonly<Record<string, Fill>> = {
    index: (i) => String(i),
    token: (i) => names.token(i),
    uuid: (i) => names.uuid(i),
  };
  return (i) => {
    let result = first;
    for (let at = 0; at < rest.length; at += 2) result += (fills[rest[at]!]?.(i) ?? "") + rest[at + 1]!;
    return result;
  };
}
