import { requestTemplate } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";
import type { RequestTemplate } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { readMixFile } from "../requests/read-mix.ts";
import { readRequest } from "./read-request.ts";

/** What is sent: one request, by the flags on it, or the mix of a file, each with the headers of the flags. Throws SW1002 and SW1003. */
export async function readRequests(
  urls: readonly string[],
  flags: FlagValues,
  cwd: string,
): Promise<RequestTemplate[]> {
  const own = await readRequest(urls, flags, cwd);
  const file = textFlag(flags, "mix");
  if (file === undefined) return [own];
  for (const url of urls) rejectPath(url, "mix");
  const requests = await readMixFile(file, cwd);
  return requests.map((request) => withHeaders(requestTemplate(request), own.headers ?? []));
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
