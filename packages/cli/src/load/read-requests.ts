import { requestTemplate, type MixRequest } from "@seaworthy/app";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { RequestTemplate } from "@seaworthy/load";
import type { CommandContext, FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { findMix, readMixFile } from "../requests/read-asked.ts";
import { readRequest } from "./read-request.ts";

/** Where requests are read from, and who hears what is left out of them. */
export interface RequestSource extends Pick<CommandContext, "cwd" | "stdin" | "signal"> {
  readonly onNotice: (notice: Notice) => void;
}

/** What is sent: one request, by the flags on it, or the mix of a file, each with the headers of the flags. Throws SW1002 and SW1003. */
export async function readRequests(
  urls: readonly string[],
  flags: FlagValues,
  source: RequestSource,
): Promise<RequestTemplate[]> {
  const own = await readRequest(urls, flags, source.cwd);
  const flag = ["mix", "replay", "openapi"].find((name) => flags[name] !== undefined);
  if (flag === undefined) return [own];
  for (const url of urls) rejectPath(url, flag);
  const file = textFlag(flags, "mix");
  const requests =
    file === undefined ? await foundRequests(flags, source) : await readMixFile(file, source.cwd);
  return requests.map((request) => withHeaders(requestTemplate(request), own.headers ?? []));
}

/** All go to the hosts of the URLs, wherever they went once; and `--expect-status` goes before what was usual then. */
async function foundRequests(flags: FlagValues, source: RequestSource): Promise<MixRequest[]> {
  const { requests, notices } = (await findMix(flags, source))!;
  const hosts = [...new Set(requests.map(({ host }) => host).filter((host) => host !== undefined))];
  const elsewhere = { text: "requests of several hosts all go to the URL's", names: hosts };
  for (const notice of hosts.length > 1 ? [...notices, elsewhere] : notices) source.onNotice(notice);
  const isExpected = flags["expect-status"] !== undefined;
  return requests.map(({ status, ...request }) =>
    isExpected || status === undefined ? request : { ...request, status },
  );
}

/** What a request says itself stands in place of what is said for all. */
function withHeaders(
  request: RequestTemplate,
  common: NonNullable<RequestTemplate["headers"]>,
): RequestTemplate {
  const own = request.headers ?? [];
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return { ...request, headers: [...common.filter(([name]) => !names.has(name.toLowerCase())), ...own] };
}

/** The path of a URL would be asked by nobody. */
function rejectPath(url: string, flag: string): void {
  const bare = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/^[^/?]*/, "");
  if (bare === "" || bare === "/") return;
  throw new SeaworthyError(
    "SW1002",
    `the URL has the path ${bare}, and --${flag} says which paths are asked`,
    {
      field: "URL",
      next: ["write the URL without its path: http://HOST:PORT"],
    },
  );
}
