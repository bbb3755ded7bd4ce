import { type Dice, tokenChars } from "./dice.ts";
import { canary, type CaseMaker, type FuzzCase, head, refused, taken } from "./fuzz-case.ts";
import {
  bareLineEnds,
  harmless,
  notChunked,
  notContentLength,
  notLengths,
  notTransferEncoding,
  twoCodings,
  twoLengths,
  upgrades,
} from "./smuggling-vectors.ts";

/**
 * Requests whose end two readers may see at different places. What stands behind them, a request of its own for one of the
 * two, must not be answered: RFC 9112, sections 6.1, 6.3 and 11.2. Every other one, which only looks so, must be read to
 * its right end: the next request on the connection shows it.
 */
export const smuggling: CaseMaker = (dice, index) => {
  const length = lengthLine(dice);
  const coding = nameOf(dice, "Transfer-Encoding");
  const post = (...lines: string[]): string =>
    head(dice.pick(["POST", "PUT", "GET", "DELETE"]), "/any", lines);
  const empty = "0\r\n\r\n";
  switch (dice.below(16)) {
    case 0:
      return refused(
        "CL.TE and TE.CL",
        post(...shuffled(dice, [`${length}5`, `${coding}: chunked`])) + empty,
      );
    case 1:
      return refused("a coding that is none", post(`${coding}:${dice.pick(notChunked)}`) + empty, [400, 501]);
    case 2:
      return refused(
        "codings in two lines",
        post(...dice.pick(twoCodings).map((each) => `${coding}: ${each}`)) + empty,
        [400, 501],
      );
    case 3:
      return refused(
        "a coding's name that is none",
        post(`${dice.pick(notTransferEncoding)}chunked`) + empty,
      );
    case 4:
      return refused("two lengths", post(...dice.pick(twoLengths).map((each) => `${length}${each}`)) + "x");
    case 5:
      return refused("a length that is none", post(`${length}${dice.pick(notLengths)}`) + "x");
    case 6:
      return refused("a length's name that is none", post(`${dice.pick(notContentLength)}5`) + "xxxxx");
    case 7: {
      const lines = ["POST /any HTTP/1.0", "Connection: keep-alive", `${coding}: chunked`, "", ""];
      return refused("a coding in HTTP/1.0", lines.join("\r\n") + empty);
    }
    case 8:
      return refused(
        "a head with bare LF",
        head("GET", "/any", ["x: 1"]).replace(...dice.pick(bareLineEnds)),
      );
    case 9:
      return refused(
        "whitespace before the first header",
        head("GET", "/").replace("Host", dice.pick([" Host", "\tHost", "\x0bHost"])),
      );
    case 10:
      return refused("no Host", `GET /any HTTP/1.1\r\n${dice.text(tokenChars, 1, 9)}: 1\r\n\r\n`);
    case 11: {
      const bytes = head("GET", "/any", [
        `${nameOf(dice, "Connection")}: ${dice.pick(["close", "x, Close", "close, keep-alive"])}`,
      ]);
      return { name: "a request behind Connection: close", bytes, statuses: [200], connection: "ends" };
    }
    case 12:
      return {
        ...hidden(
          dice,
          "an upgrade with a body",
          index,
          dice.pick(upgrades),
          dice.pick(["/any", "/ws/echo", "/"]),
        ),
        connection: "ends",
      };
    case 13:
      return hidden(
        dice,
        "a length that Connection lists",
        index,
        ["Connection: Content-Length, keep-alive"],
        "/any",
      );
    case 14: {
      return taken("a header that only looks like one of framing", [
        [dice.pick(harmless), dice.pick(["50", "chunked", "DELETE"])],
      ]);
    }
    default: {
      const bytes = dice.pick(["\r\n", "\r\n\r\n"]) + head("GET", "/any");
      return { name: "empty lines before a request", bytes, statuses: [200], connection: "goes on" };
    }
  }
};

/** A request inside a body of a right length, which is a body to whoever reads it rightly. */
function hidden(dice: Dice, name: string, index: number, lines: readonly string[], target: string): FuzzCase {
  const body = canary(index);
  const method = dice.pick(["GET", "POST", "OPTIONS"]);
  const bytes = head(method, target, shuffled(dice, [...lines, `Content-Length: ${body.length}`])) + body;
  return { name, bytes, statuses: [200, 204, 405, 426], connection: "goes on" };
}

function lengthLine(dice: Dice): string {
  return `${nameOf(dice, "Content-Length")}:${dice.pick(["", " ", "\t", "  "])}`;
}

function nameOf(dice: Dice, name: string): string {
  return dice.pick([name, name.toLowerCase(), name.toUpperCase()]);
}

function shuffled(dice: Dice, lines: readonly string[]): string[] {
  return dice.chance(0.5) ? [...lines] : lines.toReversed();
}
