import { bytes, valueChars } from "./dice.ts";
import { canary, type CaseMaker, cut, head, refused } from "./fuzz-case.ts";

/** Bodies with a length, and what is said about bodies: RFC 9112, sections 6.2 and 8; RFC 9110, section 10.1.1. */
export const bodiesWithLength: CaseMaker = (dice, index) => {
  const body = dice.text(anyByte, 1, 200);
  const post = (length: number | string, ...lines: string[]): string =>
    head(dice.pick(["POST", "PUT", "PATCH"]), "/any", [`Content-Length: ${length}`, ...lines]);
  switch (dice.below(8)) {
    case 0:
      return {
        name: "a body",
        bytes: post(body.length) + body,
        statuses: [200],
        connection: "goes on",
        body,
      };
    case 1:
      return cut("a body that ends too soon", post(body.length + 1 + dice.below(9)) + body, [400]);
    case 2: {
      const length = 8 * 1024 * 1024 + 1 + dice.below(1e9);
      return refused("a length that is too large", post(length), [413]);
    }
    case 3: {
      const bytes = post(body.length, dice.pick(["Expect: 100-continue", "expect: 100-Continue"])) + body;
      return { name: "a body to be invited", bytes, statuses: [200], connection: "goes on", body };
    }
    case 4: {
      const bytes = post(body.length, `Expect: ${dice.pick(["200-ok", "100-continue-not", "x"])}`) + body;
      return { name: "an expectation that nobody meets", bytes, statuses: [417, 200], connection: "goes on" };
    }
    case 5: {
      const type = `Content-Type: ${dice.chance(0.5) ? dice.text(valueChars, 0, 30) : dice.pick(types)}`;
      return {
        name: "a type of any kind",
        bytes: post(body.length, type) + body,
        statuses: [200, 415],
        connection: "goes on",
      };
    }
    case 6: {
      const json = dice.pick(jsons);
      const [method, path] = dice.pick(jsonRoutes);
      const bytes =
        head(method, path, ["Content-Type: application/json", `Content-Length: ${json.length}`]) + json;
      return { name: "JSON that cannot be meant", bytes, statuses: [400], connection: "goes on" };
    }
    default: {
      const inside = canary(index);
      const lines = [`Content-Length: ${inside.length}`, ...dice.pick([[], ["Connection: keep-alive"]])];
      const [method, path] = dice.pick(bodyless);
      const bytes = head(method, path, lines) + inside;
      return { name: "a request as the body of one that wants none", bytes, method, connection: "goes on" };
    }
  }
};

/** What no server should read to the end. These cost time, so there are few of them. */
export const oversized: CaseMaker = (dice) => {
  switch (dice.below(4)) {
    case 0:
      return refused(
        "a header that is too long",
        head("GET", "/", [`x: ${"a".repeat(16_500 + dice.below(40_000))}`]),
        [431],
      );
    case 1: {
      const lines = Array.from({ length: 1_500 + dice.below(2_000) }, (_, each) => `x${each}: ${each}`);
      return refused("too many headers", head("GET", "/", lines), [431]);
    }
    case 2: {
      const size = 1024 * 1024 + 1 + dice.below(1_000);
      const bytes = `${head("POST", "/any", [`Content-Length: ${size}`])}${"x".repeat(size)}`;
      return cut("a body that is too large", bytes, [413]);
    }
    default: {
      const piece = `10000\r\n${"x".repeat(0x10000)}\r\n`;
      const bytes = `${head("POST", "/any", ["Transfer-Encoding: chunked"])}${piece.repeat(17)}0\r\n\r\n`;
      return cut("chunks that are too many", bytes, [413]);
    }
  }
};

const anyByte = bytes(0x00, 0xff);
const types = [
  "a/b",
  "A/B; c=d",
  'text/plain; charset="',
  "zz",
  "a/b/c",
  "/",
  "__proto__/x",
  "multipart/form-data",
  "a/b;;",
];
const jsons = [
  "{",
  "[]",
  "null",
  "1",
  '"',
  '{"a":}',
  "\xff",
  '{"__proto__":{},}',
  "[".repeat(5_000),
  "\x00",
  "NaN",
];
const jsonRoutes = [
  ["PUT", "/faults"],
  ["PUT", "/log-level"],
  ["POST", "/token"],
] as const;
const bodyless = [
  ["GET", "/"],
  ["HEAD", "/x"],
  ["DELETE", "/any"],
  ["OPTIONS", "/any"],
  ["GET", "/healthz"],
  ["POST", "/metrics"],
  ["POST", "/version"],
  ["GET", "/nowhere/%"],
  ["TRACE", "/"],
  ["GET", "/status/404"],
  ["POST", "/panic"],
] as const;
