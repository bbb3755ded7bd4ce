import { AnswerHead } from "./answer-head.ts";

/** A body that comes in chunks. */
export const inChunks = -1;
/** A body that ends when the connection does. */
export const untilClose = -2;

/** The head of an answer of HTTP/1, with what it says of its body. Its headers are only listed when they are asked for. */
export class Http1Head extends AnswerHead {
  /** Bytes of the body in an answer to GET, or {@link inChunks} or {@link untilClose}. No meaning when there is a problem. */
  readonly bodyLength: number;
  /** What is wrong with the fields that delimit the body. */
  readonly problem: string | undefined;
  /** Bytes from the status line to the empty line, both included. */
  readonly size: number;
  readonly #text: string;
  readonly #lowerCase: string;
  #list: ReadonlyMap<string, string> | undefined;
  #raw: readonly string[] | undefined;

  /** Takes a head whose lines were checked by a SectionReader, each byte as one character. */
  constructor(text: string) {
    const lowerCase = text.toLowerCase();
    const isOld = text.charCodeAt(7) === zero;
    const status = wholeNumber(text, 9, 12);
    super(status, noHeaders, staysOpen(isOld, valueIn(text, lowerCase, "\r\nconnection:")));
    this.#text = text;
    this.#lowerCase = lowerCase;
    this.size = text.length;
    const length = valueIn(text, lowerCase, "\r\ncontent-length:");
    const found = delimited(status, isOld, length, valueIn(text, lowerCase, "\r\ntransfer-encoding:"));
    this.problem = typeof found === "string" ? found : undefined;
    this.bodyLength = typeof found === "string" ? 0 : found;
  }

  override get headers(): ReadonlyMap<string, string> {
    return (this.#list ??= listed(this.rawHeaders));
  }

  /** Names and values in turn, as they came. */
  get rawHeaders(): readonly string[] {
    return (this.#raw ??= linesOf(this.#text));
  }

  get reason(): string {
    return this.#text.slice(13, this.#text.indexOf("\r\n"));
  }

  override header(name: string): string | undefined {
    return this.#list === undefined
      ? valueIn(this.#text, this.#lowerCase, `\r\n${name}:`)
      : this.#list.get(name);
  }
}

const zero = 0x30;
const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const noHeaders: ReadonlyMap<string, string> = new Map();

/** The value of the field whose lines begin with `start`, which includes the line end before them. */
function valueIn(text: string, lowerCase: string, start: string): string | undefined {
  let found: string | undefined;
  let at = lowerCase.indexOf(start);
  while (at >= 0) {
    const from = at + start.length;
    const to = text.indexOf("\r\n", from);
    const value = trimmed(text, from, to);
    found = found === undefined ? value : `${found}, ${value}`;
    at = lowerCase.indexOf(start, to);
  }
  return found;
}

function listed(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function linesOf(text: string): readonly string[] {
  const raw: string[] = [];
  let from = text.indexOf("\r\n") + 2;
  while (from < text.length - 2) {
    const colon = text.indexOf(":", from);
    const to = text.indexOf("\r\n", colon);
    raw.push(text.slice(from, colon), trimmed(text, colon + 1, to));
    from = to + 2;
  }
  return raw;
}

/** Whether the connection stays open after the answer (RFC 9112 section 9.3). */
function staysOpen(isOld: boolean, connection: string | undefined): boolean {
  if (connection === undefined) return !isOld;
  if (connection === "keep-alive") return true;
  const options = elements(connection);
  return !options.includes("close") && (!isOld || options.includes("keep-alive"));
}

/** How the body is delimited, or the problem that leaves it open: RFC 9112 sections 6.1 to 6.3. */
function delimited(
  status: number,
  isOld: boolean,
  length: string | undefined,
  coding: string | undefined,
): number | string {
  if (coding !== undefined && length !== undefined) return "both Transfer-Encoding and Content-Length";
  if (coding !== undefined && isOld) return "Transfer-Encoding in an answer of HTTP/1.0";
  const found = coding === undefined ? fixedLength(length) : codedLength(coding);
  const isBare = status < 200 || status === 204 || status === 304;
  return isBare && typeof found === "number" ? 0 : found;
}

/** The length in Content-Length, which may repeat the same one (RFC 9110 section 8.6). 15 digits are less than 2^53. */
function fixedLength(value: string | undefined): number | string {
  if (value === undefined) return untilClose;
  const length = value.includes(",") ? sameElement(value) : value;
  const found = length.length > 15 ? Number.NaN : wholeNumber(length, 0, length.length);
  return Number.isNaN(found) ? "Content-Length is malformed" : found;
}

/** The element that a list repeats; an empty text when its elements differ. */
function sameElement(value: string): string {
  const [first = "", ...others] = elements(value);
  return others.every((other) => other === first) ? first : "";
}

/**
 * `chunked` delimits a body only as its last coding; it may come once and takes no parameters (RFC 9112 section 7.1). Quotes
 * are refused, because they could hide a comma and no coding needs them; empty elements are skipped (RFC 9110 section 5.6.1).
 */
function codedLength(value: string): number | string {
  const codings = elements(value).filter((coding) => coding !== "");
  const names = codings.map((coding) => coding.replace(/[ \t]*;.*/, ""));
  const chunked = names.indexOf("chunked");
  const isGood =
    names.length > 0 &&
    names.every((name) => token.test(name)) &&
    !value.includes('"') &&
    (chunked < 0 || (codings[chunked] === "chunked" && names.lastIndexOf("chunked") === chunked));
  if (!isGood) return "Transfer-Encoding is malformed";
  return chunked === names.length - 1 ? inChunks : untilClose;
}

/** The elements of a list, in lower case. */
function elements(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((element) => trimmed(element, 0, element.length));
}

/** A part of a text without the spaces and tabs around it; `trim` would take more than HTTP's own white space. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (start < end && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The number that a part of a text is in digits; NaN when it is empty or has another character. */
function wholeNumber(text: string, from: number, to: number): number {
  let number = from < to ? 0 : Number.NaN;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - zero;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
