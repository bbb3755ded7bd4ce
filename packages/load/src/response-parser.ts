/** Limits of what the parser takes before it calls an answer malformed. */
export interface ParserLimits {
  /** Bytes of one head (status line and headers), and of the trailers. */
  readonly headBytes: number;
  /** Bytes of one chunk-size line with its extensions. */
  readonly chunkLineBytes: number;
}

type State =
  | "status"
  | "header"
  | "fixed"
  | "chunk-size"
  | "chunk-data"
  | "chunk-end"
  | "trailer"
  | "until-close"
  | "done"
  | "failed";

const defaultLimits: ParserLimits = { headBytes: 16_384, chunkLineBytes: 1_024 };
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const LF = 10;
const CR = 13;

/**
 * An incremental parser of HTTP/1.1 responses (RFC 9112), for answers to GET and POST. It is as strict as a proxy would be,
 * because a lenient client hides broken answers. It counts the body and does not keep it.
 */
export class ResponseParser {
  readonly #limits: ParserLimits;
  #state: State = "status";
  #line = "";
  #headSize = 0;
  #minor = 1;
  #remaining = 0;
  #problem: string | undefined;

  /** Of the answer being read; an interim (1xx) answer leaves no trace. */
  status = 0;
  headers = new Map<string, string>();
  bodyBytes = 0;
  /** True from the first byte of the answer on. */
  started = false;

  constructor(limits: ParserLimits = defaultLimits) {
    this.#limits = limits;
  }

  get done(): boolean {
    return this.#state === "done";
  }

  /** What is malformed about the answer, if it is. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** True once the head has been read. */
  get hasHead(): boolean {
    return this.#state !== "status" && this.#state !== "header" && this.#state !== "failed";
  }

  /** Whether the connection may carry another request after this answer (RFC 9112 §9.3). */
  get keepAlive(): boolean {
    const options = list(this.headers.get("connection"));
    if (options.includes("close")) return false;
    return this.#minor === 1 || options.includes("keep-alive");
  }

  /** Begins the next answer on the same connection. */
  reset(): void {
    this.#state = "status";
    this.#line = "";
    this.#headSize = 0;
    this.#problem = undefined;
    this.status = 0;
    this.headers = new Map();
    this.bodyBytes = 0;
    this.started = false;
  }

  /** Reads bytes; gives how many were used: fewer than given when the answer ended (or failed) before the last. */
  push(chunk: Uint8Array): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length && this.#state !== "done" && this.#state !== "failed") {
      this.started = true;
      at = this.#step(bytes, at);
    }
    return at;
  }

  /** The peer closed the connection cleanly: this completes an answer that is delimited by the close. */
  end(): void {
    if (this.#state === "until-close") this.#state = "done";
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case "fixed":
      case "chunk-data":
      case "until-close":
        return this.#body(bytes, at);
      default:
        return this.#readLine(bytes, at);
    }
  }

  #body(bytes: Buffer, at: number): number {
    const here =
      this.#state === "until-close" ? bytes.length - at : Math.min(this.#remaining, bytes.length - at);
    this.bodyBytes += here;
    if (this.#state === "until-close") return at + here;
    this.#remaining -= here;
    if (this.#remaining === 0) this.#state = this.#state === "fixed" ? "done" : "chunk-end";
    return at + here;
  }

  #readLine(bytes: Buffer, at: number): number {
    const inChunks = this.#state === "chunk-size" || this.#state === "chunk-end";
    const room = inChunks
      ? this.#limits.chunkLineBytes - this.#line.length
      : this.#limits.headBytes - this.#headSize;
    const feed = bytes.indexOf(LF, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (end - at > room)
      return this.#fail(inChunks ? "a chunk line is too long" : "the header is too large", at + room);
    this.#line += bytes.toString("latin1", at, end);
    if (!inChunks) this.#headSize += end - at;
    if (feed < 0) return end;
    const line = this.#line;
    this.#line = "";
    if (line.charCodeAt(line.length - 2) !== CR) return this.#fail("a line does not end in CRLF", end);
    this.#takeLine(line.slice(0, -2));
    return end;
  }

  #takeLine(line: string): void {
    if (this.#state === "status") this.#statusLine(line);
    else if (this.#state === "header") {
      if (line === "") this.#headDone();
      else this.#headerLine(line);
    } else if (this.#state === "chunk-size") this.#chunkSize(line);
    else if (this.#state === "chunk-end") {
      if (line === "") this.#state = "chunk-size";
      else this.#fail("a chunk is longer than its size says");
    } else if (line === "") this.#state = "done";
    else if (!headerParts(line)) this.#fail("a trailer line is malformed");
  }

  #statusLine(line: string): void {
    // eslint-disable-next-line no-control-regex -- control characters are what makes a reason phrase malformed.
    const parts = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\0-\x08\x0a-\x1f\x7f]*)?$/.exec(line);
    if (!parts) return void this.#fail("the status line is malformed");
    this.#minor = Number(parts[1]);
    this.status = Number(parts[2]);
    this.#state = "header";
  }

  #headerLine(line: string): void {
    const parts = headerParts(line);
    if (!parts) return void this.#fail("a header line is malformed");
    const [name, value] = parts;
    const before = this.headers.get(name);
    this.headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }

  /** How the body is delimited: RFC 9112 §6.3. */
  #headDone(): void {
    if (this.status === 101) return void this.#fail("an upgrade that was not asked for");
    if (this.status < 200) return this.reset();
    this.#headSize = 0;
    const length = this.headers.get("content-length");
    const codings = list(this.headers.get("transfer-encoding"));
    if (codings.length > 0 && length !== undefined) {
      return void this.#fail("both Transfer-Encoding and Content-Length");
    }
    if (this.status === 204 || this.status === 304) this.#state = "done";
    else if (codings.at(-1) === "chunked") this.#state = "chunk-size";
    else if (codings.length > 0 || length === undefined) this.#state = "until-close";
    else this.#fixedBody(length);
  }

  #fixedBody(length: string): void {
    const values = new Set(length.split(",").map((value) => value.trim()));
    const [value = ""] = values;
    if (values.size !== 1 || !/^\d{1,15}$/.test(value)) return void this.#fail("Content-Length is malformed");
    this.#remaining = Number(value);
    this.#state = this.#remaining === 0 ? "done" : "fixed";
  }

  #chunkSize(line: string): void {
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) return void this.#fail("a chunk size is malformed");
    this.#remaining = Number.parseInt(size, 16);
    this.#state = this.#remaining === 0 ? "trailer" : "chunk-data";
  }

  #fail(problem: string, at = 0): number {
    this.#problem = problem;
    this.#state = "failed";
    return at;
  }
}

function headerParts(line: string): [name: string, value: string] | undefined {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1).trim();
  // eslint-disable-next-line no-control-regex -- RFC 9110 §5.5 forbids them in a field value.
  if (colon < 1 || !token.test(name) || /[\0\r\n]/.test(value)) return undefined;
  return [name.toLowerCase(), value];
}

function list(value: string | undefined): string[] {
  if (value === undefined) return [];
  return value
    .toLowerCase()
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
