import { bytes, valueChars, words } from "./dice.ts";
import { type CaseMaker, head, markerOf, refused, taken } from "./fuzz-case.ts";

/** Values of headers: RFC 9110, section 5.5; RFC 9112, sections 3.2 and 5.2. */
export const headerValues: CaseMaker = (dice, index) => {
  const marker = markerOf(index);
  const before = dice.text(valueChars, 0, 12).trim();
  const injected = `X-Injected: ${marker}`;
  const name = dice.pick(["X-One", "Accept", "User-Agent", "x-seaworthy-token", "Content-Type", "Cookie"]);
  const request = (...values: string[]): string =>
    head(
      "GET",
      dice.pick(targets),
      values.map((value) => `${name}: ${value}`),
    );
  switch (dice.below(11)) {
    case 0:
      return taken("any bytes that may be", [["x-one", dice.text(valueChars, 0, 40)]]);
    case 1:
      return refused("a control character", request(`${before}${dice.text(notInValues, 1, 1)}${injected}`));
    case 2:
      return refused(
        "CR or LF alone",
        request(`${before}${dice.pick(["\r", "\n", "\n\n", "\r\r"])}${injected}`),
      );
    case 3:
      return refused("a folded line", request(`${before}\r\n${dice.pick([" ", "\t"])}${injected}`));
    case 4: {
      const value = `${before}${dice.pick(hiddenLineEnds)}${injected}`;
      return taken("a line's end in disguise", [["x-one", value]]);
    }
    case 5:
      return taken("a very long value", [["x-one", dice.text(valueChars, 1_000, 10_000)]]);
    case 6: {
      const pairs = Array.from(
        { length: 2 + dice.below(20) },
        () => ["x-one", dice.text(valueChars, 0, 9)] as const,
      );
      return taken("the same name again and again", pairs);
    }
    case 7: {
      const many = Array.from({ length: 1 + dice.below(150) }, (_, each) => [`x-${each}`, marker] as const);
      return taken("many headers", many);
    }
    case 8: {
      const hosts = dice.pick([
        ["Host: fuzz", "Host: fuzz"],
        ["Host: a", "hOST: b"],
        ["Host: a b"],
        ["Host: a/b"],
      ]);
      const more = dice.pick([
        [],
        ["Host: u@a"],
        ["Host: a:b"],
        ["Host: [::1"],
        ["Host: a\xff"],
        ["Host: %zz"],
      ]);
      return refused("Host twice, or not valid", ["GET / HTTP/1.1", ...hosts, ...more, "", ""].join("\r\n"));
    }
    case 9: {
      const host = dice.pick([
        "",
        "a",
        "a:80",
        "a:",
        "[::1]:80",
        "[fe80::1%25eth0]",
        "1.2.3.4",
        "a_b,c;d",
        "%41",
      ]);
      const bytes = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
      return { name: "a valid Host", bytes, statuses: [200], connection: "goes on" };
    }
    default: {
      const value = dice.chance(0.5) ? dice.text(valueChars, 0, 60) : dice.pick(almostRight);
      return taken("nonsense in a header that is read", [[dice.pick(namesRead), value]], dice.pick(targets));
    }
  }
};

const targets = ["/", "/any/path", "/headers", "/route1", "/version", "/metrics", "/readyz?verbose"];
const notInValues = `${bytes(0x00, 0x08)}${bytes(0x0b, 0x0c)}${bytes(0x0e, 0x1f)}\x7f`;
/** Bytes of other alphabets that careless code makes CR and LF of, and CR and LF as they are written. */
const hiddenLineEnds = [
  "%0d%0a",
  "%0D%0A",
  "\\r\\n",
  "\xe5\x98\x8a\xe5\x98\x8d",
  "\xc4\x8d\xc4\x8a",
  "\x85",
  "\xe2\x80\xa8",
];
/** What the server makes something of. */
const namesRead = [
  ...words("traceparent tracestate b3 x-b3-traceid x-b3-sampled baggage x-request-id x-forwarded-for accept"),
  ...words("content-type sec-fetch-site authorization accept-encoding if-none-match range"),
  ...words("x-envoy-fault-delay-request x-envoy-fault-abort-request x-seaworthy-token keep-alive te"),
];
const almostRight = [
  "00-00000000000000000000000000000000-0000000000000000-01",
  "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d-0-0",
  "a=".repeat(40),
  ",,,",
  "text/html;q=zz",
  "Bearer a.b.c",
  'for="[::1]";by=',
  "999.999.999.999",
  "::1, 127.0.0.1, ",
  "bytes=0-0,1-1,-",
  'application/json; charset="',
  "1e309",
];
