import { SeaworthyError, type Notice } from "@seaworthy/errors";
import { mostRequests, type FoundMix } from "../found-mix.ts";
import { isProbeRequest } from "../is-probe-request.ts";
import type { MixRequest } from "../mix-request.ts";
import { asPart, parseApiDocument, resolved, type ApiDocument } from "./api-document.ts";
import { operationRequest, type Operation } from "./operation-request.ts";
import { isStream } from "./is-stream.ts";

/** A description of an API, and what is known of who asks. */
export interface ApiDescription {
  /** Its name, for people. */
  readonly file: string;
  readonly text: string;
  /** Paths that probes ask for. */
  readonly probePaths: ReadonlySet<string>;
}

/**
 * Makes a mix of equal shares of the GET operations of an OpenAPI document which need no parameter, or name values for those
 * that they need. Throws SW1101 and SW1402.
 */
export function readOpenapi({ file, text, probePaths }: ApiDescription): FoundMix {
  const document = parseApiDocument(text, file);
  const found = new Map<string, MixRequest>();
  const lacking: string[] = [];
  const counts: Counts = { operations: 0, others: 0, streams: 0, probes: 0, beyond: 0 };
  for (const each of operationsOf(document, counts)) {
    const result = operationRequest(each, document);
    if (isStream(each.operation, document)) counts.streams += 1;
    else if (result.kind === "lacking")
      lacking.push(`GET ${each.template} (${result.parameters.join(", ")})`);
    else if (isProbeRequest(result.request, probePaths)) counts.probes += 1;
    else if (found.size === mostRequests) counts.beyond += 1;
    else found.set(JSON.stringify([result.request.path, result.request.headers]), result.request);
  }
  const notices = noticesOf(file, counts, found.size, lacking);
  if (found.size > 0) return { requests: [...found.values()], notices };
  throw new SeaworthyError("SW1402", `${file} has no operation that can be asked`, {
    seen: notices.slice(1).map(({ text: line, names = [] }) => `${line}: ${names.join(", ")}`),
    next: ["write an `example` or a `default` beside the parameters that a GET requires"],
  });
}

interface Counts {
  operations: number;
  /** Of other methods. */
  others: number;
  streams: number;
  probes: number;
  /** More than are asked. */
  beyond: number;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/** The GET operations, while all are counted. */
function* operationsOf(document: ApiDocument, counts: Counts): Generator<Operation> {
  for (const [template, value] of Object.entries(asPart(document.root["paths"]) ?? {})) {
    const pathItem = template.startsWith("/") ? resolved(value, document) : undefined;
    for (const method of methods) {
      const operation = asPart(pathItem?.[method]);
      if (pathItem === undefined || operation === undefined) continue;
      counts.operations += 1;
      if (method === "get") yield { template, pathItem, operation };
      else counts.others += 1;
    }
  }
}

function noticesOf(
  file: string,
  { operations, others, streams, probes, beyond }: Counts,
  asked: number,
  lacking: readonly string[],
): Notice[] {
  const leftOut: readonly (readonly [number, string])[] = [
    [others, "of other methods than GET"],
    [lacking.length, "without values for required parameters"],
    [probes, "of probes"],
    [streams, "with streams of events"],
    [beyond, `beyond the first ${mostRequests}`],
  ];
  const some = leftOut.filter(([number]) => number > 0).map(([number, why]) => `${number} ${why}`);
  return [
    { text: `${file}: asked are ${asked} of its ${operations} operations, in equal shares` },
    { text: `${file}: left out are operations`, names: some },
    { text: `${file}: without example or default are parameters`, names: lacking },
  ].filter(({ names }) => names === undefined || names.length > 0);
}
