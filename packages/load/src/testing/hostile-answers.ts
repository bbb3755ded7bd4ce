/** An answer that a server should not send, or that few clients expect though it is allowed, and a strict client's reading. */
export interface HostileAnswer {
  readonly name: string;
  /** Each character is a byte. The connection is closed after the last one. */
  readonly bytes: string;
  readonly method: "GET" | "HEAD";
  readonly expected:
    | { readonly problem: string }
    | { readonly status: number; readonly body: string; readonly unread: number }
    | "incomplete";
}

const lineEnd = "a line does not end in CRLF";

/** The answers that the parser's tests read and `bench/parser-fuzz.ts` mutates. */
export const hostileAnswers: readonly HostileAnswer[] = [
  ...brokenStatusLines(),
  ...brokenHeaders(),
  ...brokenLengths(),
  ...brokenCodings(),
  ...brokenChunks(),
  ...brokenTrailers(),
  ...interimAnswers(),
  ...unusualAnswers(),
  ...incompleteAnswers(),
];

function brokenStatusLines(): HostileAnswer[] {
  const status = "the status line is malformed";
  return [
    bad("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", status),
    bad("HTTP/2 without a minor version", "HTTP/2 200 OK\r\n\r\n", status),
    bad("HTTP/0.9, a body alone", "<html></html>", status),
    bad("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", status),
    bad("a version of two digits", "HTTP/1.10 200 OK\r\n\r\n", status),
    bad("the name in lower case", "http/1.1 200 OK\r\n\r\n", status),
    bad("another protocol", "ICY 200 OK\r\n\r\n", status),
    bad("a TLS alert", "\x15\x03\x03\x00\x02\x02\x46", status),
    bad("the banner of SSH", "SSH-2.0-OpenSSH_9.2\r\n", status),
    bad("frames of HTTP/2", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80", status),
    bad("an empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", status),
    bad("a space first", " HTTP/1.1 200 OK\r\n\r\n", status),
    bad("a byte order mark first", "\xef\xbb\xbfHTTP/1.1 200 OK\r\n\r\n", status),
    bad("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", status),
    bad("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", status),
    bad("a status below 100", "HTTP/1.1 099 OK\r\n\r\n", status),
    bad("status 000", "HTTP/1.1 000 OK\r\n\r\n", status),
    bad("a status with a sign", "HTTP/1.1 +20 OK\r\n\r\n", status),
    bad("a status in hexadecimal", "HTTP/1.1 2a0 OK\r\n\r\n", status),
    bad("no status", "HTTP/1.1 OK\r\n\r\n", status),
    bad("two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n", status),
    bad("a tab before the status", "HTTP/1.1\t200 OK\r\n\r\n", status),
    bad("a tab after the status", "HTTP/1.1 200\tOK\r\n\r\n", status),
    bad("a null in the reason", "HTTP/1.1 200 O\0K\r\n\r\n", status),
    bad("an escape in the reason", "HTTP/1.1 200 \x1b[31mOK\r\n\r\n", status),
    bad("line feeds alone", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", lineEnd),
    bad("a line feed right after the status", "HTTP/1.1 200\n\r\n", lineEnd),
    bad("a carriage return in the reason", "HTTP/1.1 200 O\rK\r\n\r\n", lineEnd),
    bad("a reason without end", `HTTP/1.1 200 ${"k".repeat(70_000)}\r\n\r\n`, "the header is too large"),
  ];
}

function brokenHeaders(): HostileAnswer[] {
  const line = "a header line is malformed";
  const headers = (lines: string): string => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n`;
  return [
    bad("a header without a colon", headers("no colon"), line),
    bad("a header without a colon or a space", headers("nocolon"), line),
    bad("a header without a name", headers(": value"), line),
    bad("a space before the colon", headers("Name : value"), line),
    bad("a tab before the colon", headers("Name\t: value"), line),
    bad("a space before the first name", headers(" Name: value"), line),
    bad("a folded line", headers("a: b\r\n folded"), line),
    bad("a line folded by a tab", headers("a: b\r\n\tfolded"), line),
    bad("a null in a name", headers("a\0b: c"), line),
    bad("a null in a value", headers("a: b\0c"), line),
    bad("a bell in a value", headers("a: \x07"), line),
    bad("a DEL in a value", headers("a: \x7f"), line),
    bad("a name with brackets", headers("a[0]: b"), line),
    bad("a name in quotes", headers('"a": b'), line),
    bad("a name beyond ASCII", headers("caf\xe9: b"), line),
    bad("a second status line", headers("HTTP/1.1 200 OK"), line),
    bad("a carriage return in a value", headers("a: b\rc: d"), lineEnd),
    bad("two carriage returns", "HTTP/1.1 200 OK\r\na: b\r\r\n\r\n", lineEnd),
    bad("a line feed in the head", "HTTP/1.1 200 OK\r\na: b\nContent-Length: 0\r\n\r\n", lineEnd),
    bad("a line feed as the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n", lineEnd),
    bad("half an empty line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\rx", lineEnd),
    bad("a value without end", headers(`a: ${"b".repeat(70_000)}`), "the header is too large"),
    bad("a name without end", headers("a".repeat(70_000)), "the header is too large"),
    bad(
      "headers without end",
      headers(Array.from({ length: 900 }, () => `a: ${"b".repeat(80)}`).join("\r\n")),
      "the header is too large",
    ),
    bad("1,001 headers", headers("a: b\r\n".repeat(1_001)), "the header has too many lines"),
  ];
}

function brokenLengths(): HostileAnswer[] {
  const problem = "Content-Length is malformed";
  const length = (value: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${value}\r\n\r\nxxxxx`;
  return [
    bad("a negative length", length("-1"), problem),
    bad("a length with a plus sign", length("+5"), problem),
    bad("no length", length(""), problem),
    bad("a length in hexadecimal", length("0x5"), problem),
    bad("a length with a fraction", length("5.0"), problem),
    bad("a length with an exponent", length("5e0"), problem),
    bad("a length with separators", length("1_000"), problem),
    bad("a length in words", length("five"), problem),
    bad("a length with a unit", length("5 bytes"), problem),
    bad("a length in quotes", length('"5"'), problem),
    bad("a length before a no-break space", length("5\xa0"), problem),
    bad("a list before a no-break space", length("5, 5\xa0"), problem),
    bad("a length of 2^64 + 5", length("18446744073709551621"), problem),
    bad("a length beyond what a double holds", length("9007199254740993"), problem),
    bad("a length of 400 digits", length("9".repeat(400)), problem),
    bad("a list of different lengths", length("5, 6"), problem),
    bad("a list with an empty element", length("5,"), problem),
    bad("a list of empty elements", length(","), problem),
    bad("lengths that differ by a zero", length("5\r\nContent-Length: 05"), problem),
    bad("two lengths that differ", length("5\r\ncontent-length: 4"), problem),
    bad("a bad length without a body", "HTTP/1.1 204 No Content\r\nContent-Length: -1\r\n\r\n", problem),
    bad("a bad length to HEAD", length("x"), problem, "HEAD"),
  ];
}

function brokenCodings(): HostileAnswer[] {
  const problem = "Transfer-Encoding is malformed";
  const both = "both Transfer-Encoding and Content-Length";
  const coding = (value: string): string =>
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}\r\n\r\n1\r\na\r\n0\r\n\r\n`;
  return [
    bad("a coding and a length", coding("chunked\r\nContent-Length: 1"), both),
    bad(
      "a length and a coding",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n",
      both,
    ),
    bad("an empty coding and a length", coding("\r\nContent-Length: 11"), both),
    bad("a coding and a length to HEAD", coding("chunked\r\nContent-Length: 1"), both, "HEAD"),
    bad(
      "a coding in HTTP/1.0",
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "Transfer-Encoding in an answer of HTTP/1.0",
    ),
    bad("an empty coding", coding(""), problem),
    bad("chunked twice", coding("chunked, chunked"), problem),
    bad("chunked in two lines", coding("chunked\r\nTransfer-Encoding: chunked"), problem),
    bad("chunked with a parameter", coding("chunked;q=1"), problem),
    bad("chunked with an empty parameter", coding("chunked ;"), problem),
    bad("chunked in quotes", coding('"chunked"'), problem),
    bad("chunked in a parameter's quotes", coding('gzip;a="b, chunked'), problem),
    bad("a list of empty codings", coding(","), problem),
    bad("a parameter without a coding", coding(";a=b, chunked"), problem),
    bad("codings without a comma", coding("gzip chunked"), problem),
    bad("chunked before a no-break space", coding("chunked\xa0"), problem),
    bad("chunked after a vertical tab", coding("\x0bchunked"), "a header line is malformed"),
    good("a coding that nobody knows", coding("xchunked"), 200, "1\r\na\r\n0\r\n\r\n"),
    good("chunked, but not last", coding("chunked, gzip"), 200, "1\r\na\r\n0\r\n\r\n"),
    good("identity", coding("identity"), 200, "1\r\na\r\n0\r\n\r\n"),
    good("chunked in capitals, after another", coding("gzip;level=9 ,\tCHUNKED "), 200, "a"),
    good("empty elements among the codings", coding(",gzip, ,chunked,"), 200, "a"),
    good("codings in two lines", coding("gzip\r\nTransfer-Encoding: chunked"), 200, "a"),
  ];
}

function brokenChunks(): HostileAnswer[] {
  const size = "a chunk size is malformed";
  const longer = "a chunk is longer than its size says";
  const tooLong = "a chunk line is too long";
  return [
    bad("a chunk size that is none", chunks("z\r\n"), size),
    bad("an empty chunk size", chunks("\r\n"), size),
    bad("an extension alone", chunks(";a=b\r\n"), size),
    bad("a negative chunk size", chunks("-1\r\n"), size),
    bad("a chunk size with a plus sign", chunks("+1\r\na\r\n"), size),
    bad("a chunk size with 0x", chunks("0x1\r\na\r\n"), size),
    bad("a space before a chunk size", chunks(" 1\r\na\r\n"), size),
    bad("two chunk sizes", chunks("1 1\r\na\r\n"), size),
    bad("a chunk size of 2^64 + 1", chunks("10000000000000001\r\na\r\n"), size),
    bad("a chunk size of 13 zeros", chunks("0000000000000\r\n\r\n"), size),
    bad("a null after a chunk size", chunks("1\0\r\na\r\n"), size),
    bad("a chunk size before a line feed", chunks("1\na\r\n0\r\n\r\n"), lineEnd),
    bad("a chunk size before a carriage return", chunks("1\ra\r\n0\r\n\r\n"), lineEnd),
    bad("a line feed in an extension", chunks("1;a\nb\r\n"), lineEnd),
    bad("a carriage return in an extension", chunks("1;a\rb\r\n"), lineEnd),
    bad("a null in an extension", chunks("1;a=\0\r\n"), "a chunk extension is malformed"),
    bad("an extension without end", chunks(`1;${"e".repeat(2_000)}\r\n`), tooLong),
    bad("spaces without end", chunks(`1${" ".repeat(2_000)}\r\n`), tooLong),
    bad("a chunk that is too long", chunks("1\r\nab\r\n0\r\n\r\n"), longer),
    bad("a chunk that is too short", chunks("3\r\nab\r\n0\r\n\r\n"), longer),
    bad("a chunk that ends in a line feed", chunks("1\r\na\n0\r\n\r\n"), longer),
    bad("a chunk that ends in a carriage return", chunks("1\r\na\r0\r\n\r\n"), longer),
    bad("no end of the data", chunks("1\r\na0\r\n\r\n"), longer),
    good("chunk sizes with zeros and letters", chunks("00A\r\n0123456789\r\n000\r\n\r\n"), 200, "0123456789"),
    good("extensions and spaces", chunks('1 ;a="b;c" \r\na\r\n0;last\r\n\r\n'), 200, "a"),
    good("data that looks like the end", chunks("5\r\n0\r\n\r\n\r\n0\r\n\r\n"), 200, "0\r\n\r\n"),
    good("a second answer behind the last chunk", chunks("0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), 200, "", 19),
  ];
}

function brokenTrailers(): HostileAnswer[] {
  const line = "a trailer line is malformed";
  return [
    bad("a trailer without a colon", chunks("0\r\nno colon\r\n\r\n"), line),
    bad("a folded trailer", chunks("0\r\na: b\r\n c\r\n\r\n"), line),
    bad("a space before a trailer's colon", chunks("0\r\na : b\r\n\r\n"), line),
    bad("a null in a trailer", chunks("0\r\na: \0\r\n\r\n"), line),
    bad("another answer for a trailer", chunks("0\r\nHTTP/1.1 200 OK\r\n\r\n"), line),
    bad("a trailer before a line feed", chunks("0\r\na: b\n\r\n"), lineEnd),
    bad("a line feed for the last line", chunks("0\r\n\n"), lineEnd),
    bad("a trailer without end", chunks(`0\r\na: ${"b".repeat(70_000)}`), "the trailer is too large"),
    bad("1,001 trailers", chunks(`0\r\n${"a: b\r\n".repeat(1_001)}\r\n`), "the trailer has too many lines"),
    good("a trailer that says how long the body is", chunks("0\r\nContent-Length: 9\r\n\r\n"), 200, ""),
  ];
}

function interimAnswers(): HostileAnswer[] {
  const proceed = "HTTP/1.1 100 Continue\r\n\r\n";
  const empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  return [
    good(
      "interim answers before the final one",
      `${proceed}HTTP/1.1 103 x\r\nlink: </a>\r\n\r\n${empty}`,
      200,
      "",
    ),
    good("64 interim answers", proceed.repeat(64) + empty, 200, ""),
    bad("65 interim answers", proceed.repeat(65) + empty, "too many interim answers"),
    good("an interim answer with a length", `HTTP/1.1 100 x\r\nContent-Length: 5\r\n\r\n${empty}`, 200, ""),
    good(
      "an interim answer that would close",
      `HTTP/1.1 102 x\r\nConnection: close\r\n\r\n${empty}`,
      200,
      "",
    ),
    bad(
      "an interim answer with two lengths",
      `HTTP/1.1 100 x\r\nContent-Length: 5, 6\r\n\r\n${empty}`,
      "Content-Length is malformed",
    ),
    bad("a body after an interim answer", `${proceed}body${empty}`, "the status line is malformed"),
    bad(
      "an upgrade",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
      "an upgrade that was not asked for",
    ),
    bad(
      "an upgrade after an interim answer",
      `${proceed}HTTP/1.1 101 x\r\n\r\n`,
      "an upgrade that was not asked for",
    ),
  ];
}

function unusualAnswers(): HostileAnswer[] {
  const ok = "HTTP/1.1 200 OK\r\n";
  return [
    good("no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("no reason and no space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("a reason beyond ASCII", "HTTP/1.1 200 d'accord \xe9\r\nContent-Length: 0\r\n\r\n", 200, ""),
    good("a status above 599", "HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n", 999, ""),
    good("no header at all", `${ok}\r\n`, 200, ""),
    good("no header and a body", `${ok}\r\nbody`, 200, "body"),
    good("a body until the close in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nbody", 200, "body"),
    good("an empty value", `${ok}a:\r\nContent-Length:0\r\n\r\n`, 200, ""),
    good("blanks around values", `${ok}Content-Length: \t 2 \t \r\n\r\nhi`, 200, "hi"),
    good("a value beyond ASCII", `${ok}a: \xff\x80\r\nContent-Length: 0\r\n\r\n`, 200, ""),
    good("every character of a name", `${ok}!#$%&'*+-.^_\`|~09azAZ: 1\r\nContent-Length: 0\r\n\r\n`, 200, ""),
    good(
      "names that begin alike",
      `${ok}Content-Length-Not: 9\r\nX-Content-Length: 9\r\nContent-Length: 0\r\n\r\n`,
      200,
      "",
    ),
    good("a length in a value", `${ok}a: Content-Length: 9\r\nContent-Length: 0\r\n\r\n`, 200, ""),
    good("a length with zeros", `${ok}Content-Length: 0002\r\n\r\nhi`, 200, "hi"),
    good(
      "a length that is said twice",
      `${ok}Content-Length: 2, 2\r\nCONTENT-LENGTH: 2\r\n\r\nhi`,
      200,
      "hi",
    ),
    good("bytes behind the body", `${ok}Content-Length: 2\r\n\r\nhi!!!`, 200, "hi", 3),
    good("a second answer", `${ok}Content-Length: 0\r\n\r\n${ok}\r\n`, 200, "", 19),
    good("204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", 204, "", 5),
    good(
      "204 in chunks",
      "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      204,
      "",
      5,
    ),
    good("304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""),
    good("HEAD with a length", `${ok}Content-Length: 5\r\n\r\n`, 200, "", 0, "HEAD"),
    good("HEAD in chunks", `${ok}Transfer-Encoding: chunked\r\n\r\n`, 200, "", 0, "HEAD"),
    good("HEAD without a length", `${ok}\r\n`, 200, "", 0, "HEAD"),
    good("HEAD with a body", `${ok}Content-Length: 5\r\n\r\nhello`, 200, "", 5, "HEAD"),
    good("1,000 headers", `${ok}${"a: b\r\n".repeat(999)}Content-Length: 0\r\n\r\n`, 200, ""),
  ];
}

function incompleteAnswers(): HostileAnswer[] {
  const length = "HTTP/1.1 200 OK\r\nContent-Length: ";
  return [
    unfinished("nothing", ""),
    unfinished("half a status line", "HTTP/1.1 2"),
    unfinished("a head without its last byte", "HTTP/1.1 200 OK\r\na: b\r\n\r"),
    unfinished("an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n"),
    unfinished("a body that is one byte short", `${length}6\r\n\r\nhello`),
    unfinished("a body of 999 terabytes", `${length}999999999999999\r\n\r\nhello`),
    unfinished("a chunk of 281 terabytes", chunks("ffffffffffff\r\nhello")),
    unfinished("a chunk size without its line feed", chunks("0\r")),
    unfinished("no last chunk", chunks("1\r\na\r\n")),
    unfinished("no empty line after the last chunk", chunks("1\r\na\r\n0\r\n")),
    unfinished("half a trailer", chunks("0\r\na: b")),
  ];
}

function chunks(body: string): string {
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
}

function bad(
  name: string,
  bytes: string,
  problem: string,
  method: HostileAnswer["method"] = "GET",
): HostileAnswer {
  return { name, bytes, method, expected: { problem } };
}

function good(
  name: string,
  bytes: string,
  status: number,
  body: string,
  unread = 0,
  method: HostileAnswer["method"] = "GET",
): HostileAnswer {
  return { name, bytes, method, expected: { status, body, unread } };
}

function unfinished(name: string, bytes: string): HostileAnswer {
  return { name, bytes, method: "GET", expected: "incomplete" };
}
