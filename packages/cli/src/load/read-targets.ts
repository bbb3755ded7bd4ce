import { SeaworthyError } from "@seaworthy/errors";
import { targetOf, type Target, type TlsSettings } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { hostOf } from "./read-request.ts";
import { readTls } from "./read-tls.ts";

/** Where the requests go, by the URLs and the flags on connections. Throws SW1002 and SW1003. */
export async function readTargets(
  urls: readonly string[],
  flags: FlagValues,
  cwd: string,
): Promise<Target[]> {
  if (urls.length === 0)
    throw new SeaworthyError("SW1002", "seaworthy load needs a URL", {
      next: ["seaworthy load http://127.0.0.1:8080/"],
    });
  const weights = readWeights(textFlag(flags, "weights"), urls.length);
  const tls = await readTls(flags, cwd);
  const targets = urls.map((url) => readUrl(url, tls, flags["template"] === true));
  const host = hostOf(flags);
  const socket = textFlag(flags, "unix-socket");
  return targets.map((target, index) => ({
    ...target,
    name: nameOf(target, targets),
    ...(host === undefined ? {} : { hostHeader: host }),
    ...(socket === undefined ? {} : { via: { kind: "unix", path: socket } as const }),
    ...(flags["http2"] === true || flags["grpc"] !== undefined ? { protocol: "h2" as const } : {}),
    ...(weights === undefined ? {} : { weight: weights[index]! }),
  }));
}

/** A URL without a scheme is taken for http, as `127.0.0.1:8080/x`. */
function readUrl(text: string, tls: TlsSettings, isTemplate: boolean): Target {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const problem = urlProblem(url);
  if (problem !== undefined)
    throw new SeaworthyError("SW1002", `${withoutPassword(text)} ${problem}`, {
      field: "URL",
      next: ["write it as http://HOST:PORT/PATH or https://HOST/PATH"],
    });
  const target = targetOf(url, tls);
  // The URL parser writes braces as %7B and %7D in paths.
  const path = isTemplate ? target.path.replace(/%7B%7B(\w+)%7D%7D/gi, "{{$1}}") : target.path;
  return { ...target, path };
}

function urlProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return "is not a URL";
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `has the scheme ${url.protocol.slice(0, -1)}, which is not HTTP`;
  if (url.port === "0") return "has port 0, where nobody can listen";
  if (url.username !== "" || url.password !== "")
    return "holds a password: give it as a header, -H 'Authorization: …'";
  return undefined;
}

/** A URL is printed, and others may read it. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//");
}

/** The host, or where several URLs have the same one, the URL without its query, numbered where that is not enough. */
function nameOf(target: Target, all: readonly Target[]): string {
  const url = ({ name, path, tls }: Target) => `${tls === undefined ? "http" : "https"}://${name}${path}`;
  const place = (each: Target) => url(each).replace(/\?.*$/, "");
  if (all.filter((each) => url(each) === url(target)).length > 1)
    throw new SeaworthyError("SW1002", `the URL ${place(target)} is given twice`, {
      field: "URL",
      next: ["give it a greater share instead: --weights 2,1"],
    });
  if (all.filter(({ name }) => name === target.name).length === 1) return target.name;
  const same = all.filter((each) => place(each) === place(target));
  return same.length === 1 ? place(target) : `${place(target)} (${same.indexOf(target) + 1})`;
}

function readWeights(text: string | undefined, count: number): number[] | undefined {
  if (text === undefined) return undefined;
  const weights = text.split(",").map(Number);
  const areGood = weights.every((weight) => Number.isInteger(weight) && weight >= 1 && weight <= 1000);
  if (areGood && weights.length === count) return weights;
  throw new SeaworthyError("SW1002", `--weights cannot be ${text}`, {
    field: "--weights",
    next: [
      count === 1
        ? "leave it out: there is one URL"
        : `give a whole number from 1 to 1000 for each of the ${count} URLs, such as --weights 3${",1".repeat(count - 1)}`,
    ],
  });
}
