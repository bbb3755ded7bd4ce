import { neverEchoed } from "../../apps/httpserver/src/answers/echoed-headers.ts";
import { dangerous } from "./dangerous-headers.ts";
import { bytes, type Dice, tokenChars } from "./dice.ts";
import { type CaseMaker, head, markerOf, refused, taken } from "./fuzz-case.ts";

/** Names of headers: RFC 9110, sections 5.1 and 5.6.2; RFC 9112, section 5. */
export const headerNames: CaseMaker = (dice, index) => {
  const marker = markerOf(index);
  const token = dice.text(tokenChars, 1, 20);
  const line = `${token}: ${marker}`;
  const request = (...lines: string[]): string => head("GET", "/", lines);
  switch (dice.below(9)) {
    case 0:
      return { ...taken("a token as name", [[`x-${token}`, marker]]), copied: `x-${token.toLowerCase()}` };
    case 1:
      return {
        ...taken("a name that is not copied", [[mixedCase(dice, dice.pick(namesNotCopied)), marker]]),
        marker,
      };
    case 2:
      return taken("a name that objects inherit", [[dice.pick(inherited), marker]]);
    case 3: {
      const lines = [`Connection: keep-alive, X-${token}, close-not`, `x-${token.toUpperCase()}: ${marker}`];
      return {
        name: "a name that Connection lists",
        bytes: request(...lines),
        statuses: [200],
        connection: "goes on",
        marker,
      };
    }
    case 4: {
      const at = dice.below(token.length + 1);
      return refused(
        "a name that is no token",
        request(`${token.slice(0, at)}${dice.text(notInTokens, 1, 1)}${token.slice(at)}: ${marker}`),
      );
    }
    case 5:
      return refused("an empty name", request(`: ${marker}`, line));
    case 6:
      return refused(
        "a space before the colon",
        request(`${token}${dice.pick([" ", "\t", "  "])}: ${marker}`),
      );
    case 7:
      return refused("no colon", request(dice.pick([token, `${token} ${marker}`, "\x00", '"'])));
    default:
      return taken("a very long name", [[`x${dice.text(tokenChars, 100, 6_000)}`, marker]]);
  }
};

/** Those with a meaning for the request itself have their own cases. */
const framing = new Set(["connection", "content-length", "transfer-encoding", "host", "expect", "upgrade"]);
const namesNotCopied = [...new Set([...dangerous, ...neverEchoed])].filter((name) => !framing.has(name));
/** Names of what every object of JavaScript has. */
const inherited = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];
const notInTokens = `${bytes(0x00, 0x09)}${bytes(0x0b, 0x0c)}${bytes(0x0e, 0x20)}"(),/;<=>?@[\\]{}${bytes(0x7f, 0xff)}`;

function mixedCase(dice: Dice, name: string): string {
  return Array.from(name, (char) => (dice.chance(0.5) ? char.toUpperCase() : char)).join("");
}
