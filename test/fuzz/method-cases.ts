import { METHODS } from "node:http";
import { tokenChars } from "./dice.ts";
import { type CaseMaker, head, refused } from "./fuzz-case.ts";

/** Methods and versions: RFC 9110, sections 9.1 and 15.6.6; RFC 9112, section 2.3. */
export const methodsAndVersions: CaseMaker = (dice) => {
  const method = dice.pick(echoed);
  switch (dice.below(9)) {
    case 0:
      return { name: "a method", bytes: head(method, "/x"), method, statuses: [200], connection: "goes on" };
    case 1: {
      const wrong = dice.pick(["POST", "PUT", "DELETE", "PATCH"]);
      return {
        name: "a method that a path has not",
        bytes: head(wrong, dice.pick(readOnly)),
        statuses: [405],
        connection: "goes on",
      };
    }
    case 2: {
      const bytes = head(dice.pick(others), dice.pick(["/", "/x", "/version"]));
      return { name: "a method that no path has", bytes, statuses: [405], connection: "goes on" };
    }
    case 3: {
      const unknown = dice.pick([dice.text(tokenChars, 1, 12), method.toLowerCase(), `${method}X`, "PRI"]);
      const isKnown = METHODS.includes(unknown);
      return refused("a method that nobody knows", head(isKnown ? `${unknown}~` : unknown, "/"), [400, 501]);
    }
    case 4: {
      const version = dice.pick(["2.0", "0.9"]);
      return refused("another major version", `GET / HTTP/${version}\r\nHost: a\r\n\r\n`, [505]);
    }
    case 5:
      return refused("no version", "GET /\r\n\r\n", [400, 505]);
    case 6: {
      const version = dice.pick([
        "http/1.1",
        "HTTP/1",
        "HTTP/1.10",
        "HTTP/11",
        "HTTP/1,1",
        "HTTPS/1.1",
        "HTTP/ 1.1",
        "ICE/1.0",
        "HTTP/1.1 x",
        "HTTP/9.9",
      ]);
      return refused("a version that is none", `GET / ${version}\r\nHost: a\r\n\r\n`, [400, 505]);
    }
    case 7:
      return { name: "HTTP/1.0", bytes: "GET /x HTTP/1.0\r\n\r\n", statuses: [200], connection: "ends" };
    default: {
      const bytes = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
      return { name: "HTTP/1.0 with keep-alive", bytes, statuses: [200], connection: "goes on" };
    }
  }
};

const echoed = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const readOnly = ["/version", "/info", "/headers", "/healthz", "/metrics", "/openapi.json"];
const others = METHODS.filter((method) => !echoed.includes(method) && !["CONNECT", "QUERY"].includes(method));
