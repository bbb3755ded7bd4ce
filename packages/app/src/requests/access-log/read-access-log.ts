import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { FoundMix } from "../found-mix.ts";
import { isProbeRequest } from "../is-probe-request.ts";
import { linesOf } from "./lines-of.ts";
import type { LoggedRequest } from "./logged-request.ts";
import { mixOfKinds } from "./mix-of-kinds.ts";
import { parseLogLine } from "./parse-log-line.ts";
import { createRequestTally, type RequestTally } from "./request-tally.ts";

/** A log, and what is known of who asked. */
export interface AccessLog {
  /** Its name, for people. */
  readonly file: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
  /** Paths that probes ask for. */
  readonly probePaths: ReadonlySet<string>;
}

/**
 * Makes a mix of what a log says that users asked, in one pass and bounded memory. Rejects with SW1401 when nothing of it can
 * be asked again.
 */
export async function readAccessLog({ file, chunks, probePaths }: AccessLog): Promise<FoundMix> {
  const tally = createRequestTally();
  const counts: Counts = { lines: 0, unread: 0, changing: 0, upgrades: 0, probes: 0, asked: 0 };
  for await (const lines of linesOf(chunks)) {
    for (const line of lines) {
      if (line === "") continue;
      counts.lines += 1;
      const request = line === undefined ? undefined : parseLogLine(line);
      count(request, { line, counts, tally, probePaths });
    }
  }
  if (counts.asked === 0) throw nothingToAsk(file, counts);
  const { requests, covered } = mixOfKinds(tally.kinds());
  return { requests, notices: noticesOf(file, counts, requests.length, counts.asked - covered) };
}

interface Counts {
  lines: number;
  unread: number;
  /** The first line that could not be read. */
  unreadLine?: string | undefined;
  changing: number;
  upgrades: number;
  probes: number;
  asked: number;
}

/** They change nothing, and have no body: RFC 9110, section 9.2.1. */
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

function count(
  request: LoggedRequest | undefined,
  {
    line,
    counts,
    tally,
    probePaths,
  }: Pick<AccessLog, "probePaths"> & {
    readonly line: string | undefined;
    readonly counts: Counts;
    readonly tally: RequestTally;
  },
): void {
  if (request === undefined) {
    counts.unread += 1;
    counts.unreadLine ??= line;
  } else if (!safeMethods.has(request.method)) counts.changing += 1;
  else if (request.status === 101) counts.upgrades += 1;
  else if (isProbeRequest(request, probePaths)) counts.probes += 1;
  else {
    counts.asked += 1;
    tally.add(request);
  }
}

function noticesOf(file: string, counts: Counts, requests: number, rare: number): Notice[] {
  const text = (number: number) => number.toLocaleString("en-US");
  const leftOut: readonly (readonly [number, string])[] = [
    [counts.changing, "with changes or bodies, which no log holds (only GET, HEAD and OPTIONS are asked)"],
    [counts.probes, "of probes"],
    [counts.upgrades, "for another protocol (101)"],
    [rare, "of kinds too rare for a share"],
    [counts.unread, "not understood"],
  ];
  const some = leftOut.filter(([number]) => number > 0);
  return [
    {
      text: `${file}: its mix is of ${text(requests)} requests, for ${text(counts.asked - rare)} of ${text(counts.lines)} lines`,
    },
    ...(some.length === 0
      ? []
      : [
          {
            text: `${file}: left out are lines`,
            names: some.map(([number, why]) => `${text(number)} ${why}`),
          },
        ]),
  ];
}

const longestShown = 120;

function nothingToAsk(
  file: string,
  { lines, unread, unreadLine = "", changing, probes }: Counts,
): SeaworthyError {
  const formats =
    "the combined format of nginx and Apache, Envoy's default format, or JSON with method and path";
  if (lines === 0)
    return new SeaworthyError("SW1401", `${file} has no line`, {
      next: ["give an access log that has some requests"],
    });
  if (unread === lines)
    return new SeaworthyError("SW1401", `${file} has no line that is understood as a request`, {
      seen: [unreadLine.slice(0, longestShown)],
      next: [`give an access log in ${formats}`],
    });
  return new SeaworthyError("SW1401", `${file} has no request that can be asked again`, {
    seen: [
      `${changing} requests with changes or bodies, ${probes} of probes, ${unread} lines that were not understood`,
    ],
    next: ["write what users ask into trial.requests of seaworthy.yaml, where requests can have bodies"],
  });
}
