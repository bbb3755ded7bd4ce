import { bytes, type Dice, pathChars, words } from "./dice.ts";
import { type CaseMaker, head, refused } from "./fuzz-case.ts";

/** Request targets: RFC 9112, sections 3 and 3.2; RFC 3986, section 3.3. */
export const targets: CaseMaker = (dice) => {
  const segment = dice.text(pathChars, 1, 12);
  switch (dice.below(10)) {
    case 0:
      return fine("a path of any characters", `/x${dice.text(`${pathChars}/?`, 0, 60)}`);
    case 1:
      return fine("percent-encoding", `/x${junk(dice)}`);
    case 2:
      return fine(
        "a path that climbs",
        `/x${Array.from({ length: 1 + dice.below(9) }, () => `/${dice.pick(steps)}`).join("")}`,
      );
    case 3:
      return fine("a route with junk behind it", `${dice.pick(routes)}${junk(dice)}`);
    case 4: {
      const char = dice.text(badBytes, 1, 1);
      return refused(
        "a byte that is in no target",
        head("GET", `/${segment}${char}${dice.text(pathChars, 0, 5)}`),
      );
    }
    case 5: {
      if (dice.chance(0.4))
        return refused("a URL that is none of this server's", head("GET", dice.pick(strangeUrls)));
      const [target, status] = dice.pick(wholeUrls);
      return { name: "absolute-form", bytes: head("GET", target), statuses: [status], connection: "goes on" };
    }
    case 6: {
      const bytes = head("OPTIONS", "*");
      if (dice.chance(0.5))
        return { name: "asterisk-form", bytes, statuses: [200, 204], connection: "goes on" };
      return refused("asterisk-form without OPTIONS", head(dice.pick(["GET", "POST", "DELETE"]), "*"));
    }
    case 7: {
      if (dice.chance(0.5))
        return refused("CONNECT", head("CONNECT", dice.pick(["a:80", "[::1]:443", "a:99999"])), [400, 405]);
      return refused("authority-form", head("GET", dice.pick(["a:80", "a@b:1", "[::1]:80"])));
    }
    case 8:
      return refused(
        "neither path nor URL",
        head("GET", dice.pick([segment.replace(/^\W+/, "x"), "?x", "\\", "..", "%2f"])),
      );
    default:
      if (dice.chance(0.7)) return fine("a long path", `/${dice.text(pathChars, 500, 8_000)}`);
      return refused(
        "a path that is too long",
        head("GET", `/${"a".repeat(17_000 + dice.below(9_000))}`),
        [414, 431],
      );
  }
};

const percents = [
  ...words("% %% %2 %zz %u0041 %00 %0d%0a %2f %2F..%2f %5c %2e%2e %252e %25%32%66 %c0%ae %c0%af %e0%80%af"),
  ...words("%f0%80%80%af %ff %ed%a0%80 %f4%90%80%80 %e2%82 %c3%a9 %3f %23"),
];
const steps = ["", ...words(".. . a ~ ;x=1 __proto__ constructor C: etc passwd * : @ # route1")];
/** Routes with something behind them that they take for a parameter, or do not. Those that wait for long are left out. */
const routes = [
  ...words("/status/ /delay/x /chunked/x /store/ /version/ /version? /info? /env; /headers/ /configs?"),
  ...words("/readyz?verbose&exclude= /livez/ /healthz? /metrics?name= /openapi.json? /faults/ /log-level/"),
  ...words("/token/ /ws/echo? /route1/ /route1? /echo? /%72oute1 /STATUS/ // /readyz/enable/ /panic"),
];
const badBytes = `${bytes(0x00, 0x09)}${bytes(0x0b, 0x0c)}${bytes(0x0e, 0x1f)}${bytes(0x7f, 0xff)}`;

const wholeUrls: readonly (readonly [target: string, status: number])[] = [
  ["http://fuzz/", 200],
  ["HTTPS://other:443/x?y=http://z", 200],
  ["http://fuzz", 200],
  ["http://fuzz?x=1", 200],
  ["http://fuzz/status/404", 404],
  ["http://fuzz/readyz", 200],
  ["http://fuzz/nowhere/%", 400],
];
const strangeUrls = ["http://", "http:///x", "http://user:pass@fuzz/", "ftp://fuzz/x", "file:///etc/passwd"];

function junk(dice: Dice): string {
  const parts = Array.from({ length: 1 + dice.below(4) }, () =>
    dice.chance(0.6) ? dice.pick(percents) : dice.text(pathChars, 0, 8),
  );
  return parts.join("");
}

function fine(name: string, target: string) {
  return { name, bytes: head("GET", target), connection: "goes on" } as const;
}
