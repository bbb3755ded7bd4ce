/** An answer as it came. Each character of a text is a byte. */
export interface Answer {
  readonly status: number;
  /** In lower case, in the order in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Reads answers of HTTP/1.1, as strictly as RFC 9112 allows, and keeps them whole. */
export interface AnswerReader {
  readonly answers: readonly Answer[];
  /** Whether an answer has begun that has not ended. */
  readonly isInside: boolean;
  /** `methodAt` tells the method of the request at a place in the order. Throws when the bytes are no answers. */
  push(text: string): void;
  /** To be called at the connection's end, which ends an answer that has no other end. */
  end(): void;
}

interface Head extends Omit<Answer, "body"> {
  /** Where the head ends. */
  readonly end: number;
}

/** Makes a reader. `methodAt` tells the method of the request that the answer at a place in the order is for. */
export function createAnswerReader(methodAt: (place: number) => string): AnswerReader {
  const answers: Answer[] = [];
  let rest = "";
  let isOver = false;

  /** Takes one answer off the front, if it is there as a whole. */
  function take(): boolean {
    const head = readHead(rest);
    if (head === undefined) return false;
    const { status, headers } = head;
    if (status === 101) throw new Error("an upgrade that was not asked for");
    const body = status < 200 ? { text: "", end: head.end } : readBody(head, methodAt(answers.length));
    if (body === undefined) return false;
    if (status >= 200) answers.push({ status, headers, body: body.text });
    rest = rest.slice(body.end);
    return true;
  }

  function readBody(
    { status, headers, end }: Head,
    method: string,
  ): { text: string; end: number } | undefined {
    const lengths = headers.filter(([name]) => name === "content-length").map(([, value]) => value);
    const codings = headers.filter(([name]) => name === "transfer-encoding").map(([, value]) => value);
    if (lengths.length + codings.length > 1) throw new Error("two lengths");
    if (status === 204 && lengths.length + codings.length > 0) throw new Error("204 with a length");
    if (method === "HEAD" || status === 204 || status === 304) return { text: "", end };
    if (codings[0] === "chunked") return readChunks(rest, end);
    if (codings[0] !== undefined) throw new Error(`Transfer-Encoding: ${codings[0]}`);
    if (lengths[0] === undefined) return isOver ? { text: rest.slice(end), end: rest.length } : undefined;
    if (!/^\d{1,9}$/.test(lengths[0])) throw new Error(`Content-Length: ${lengths[0]}`);
    const last = end + Number(lengths[0]);
    return last > rest.length ? undefined : { text: rest.slice(end, last), end: last };
  }

  return {
    answers,
    get isInside() {
      return rest !== "";
    },
    push(text) {
      rest += text;
      while (rest !== "" && take());
    },
    end() {
      isOver = true;
      while (rest !== "" && take());
    },
  };
}

const statusLine = /^HTTP\/1\.1 ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/;
const headerLine =
  /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*([\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?[ \t]*$/;
const longestHead = 16 * 1024;

function readHead(text: string): Head | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) {
    if (text.length > longestHead) throw new Error("a head without an end");
    return undefined;
  }
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = statusLine.exec(first)?.[1];
  if (status === undefined) throw new Error(`no status line: ${JSON.stringify(first.slice(0, 100))}`);
  const headers = lines.map((line) => {
    const [, name, value = ""] = headerLine.exec(line) ?? [];
    if (name === undefined) throw new Error(`no header: ${JSON.stringify(line.slice(0, 100))}`);
    return [name.toLowerCase(), value] as const;
  });
  return { status: Number(status), headers, end: end + 4 };
}

/** RFC 9112, section 7.1, without extensions and trailers: the server sends none. */
function readChunks(text: string, start: number): { text: string; end: number } | undefined {
  let body = "";
  for (let at = start; ;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const line = text.slice(at, lineEnd);
    if (!/^[\da-f]{1,8}$/i.test(line))
      throw new Error(`no chunk's size: ${JSON.stringify(line.slice(0, 100))}`);
    const size = Number.parseInt(line, 16);
    const chunkEnd = lineEnd + 2 + size;
    if (text.length < chunkEnd + 2) return undefined;
    if (text.slice(chunkEnd, chunkEnd + 2) !== "\r\n") throw new Error("a chunk is longer than its size");
    if (size === 0) return { text: body, end: chunkEnd + 2 };
    body += text.slice(lineEnd + 2, chunkEnd);
    at = chunkEnd + 2;
  }
}
