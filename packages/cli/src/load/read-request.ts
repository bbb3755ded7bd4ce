import { SeaworthyError } from "@seaworthy/errors";
import type { RequestTemplate } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { listFlag, textFlag } from "../flag-values.ts";
import { readInput } from "./read-input.ts";

/** What is sent, by `--method`, `--header`, `--data`, `--data-file` and `--template`. Throws SW1002 and SW1003. */
export async function readRequest(
  urls: readonly string[],
  flags: FlagValues,
  cwd: string,
): Promise<RequestTemplate> {
  const isTemplate = flags["template"] === true;
  const headers = headersOf(flags);
  if (!isTemplate) {
    for (const url of urls) rejectPlaceholder(url, "URL");
    for (const [, value] of headers) rejectPlaceholder(value, "--header");
  }
  const bytes = await readBody(flags, cwd);
  return {
    method: textFlag(flags, "method")?.toUpperCase() ?? (bytes === undefined ? "GET" : "POST"),
    headers,
    // Only a text is looked through for placeholders; bytes are sent as they are.
    ...(bytes === undefined ? {} : { body: isTemplate ? bytes.toString("utf8") : bytes }),
  };
}

/** The headers that were given, without Host, which belongs to the target. */
export function headersOf(flags: FlagValues): [name: string, value: string][] {
  return listFlag(flags, "header")
    .map((text) => headerLine(text))
    .filter(([name]) => name.toLowerCase() !== "host");
}

/** The Host header that was given, which stands in place of the URL's. */
export function hostOf(flags: FlagValues): string | undefined {
  return listFlag(flags, "header")
    .map((text) => headerLine(text))
    .findLast(([name]) => name.toLowerCase() === "host")?.[1];
}

/** RFC 9110, section 5.6.2, and section 5.5. */
const headerPattern = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:[ \t]*([^\0\r\n]*?)[ \t]*$/;

function headerLine(text: string): [name: string, value: string] {
  const [, name, value] = headerPattern.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new SeaworthyError("SW1002", `--header ${text} is not a header`, {
    field: "--header",
    next: ["write name, colon and value: --header 'Accept: text/html'"],
  });
}

async function readBody(flags: FlagValues, cwd: string): Promise<Buffer | undefined> {
  const text = textFlag(flags, "data");
  const file = textFlag(flags, "data-file");
  if (text !== undefined) return Buffer.from(text);
  return file === undefined ? undefined : await readInput(file, "data-file", cwd);
}

/** The generator would fill it in, and nobody said so. */
function rejectPlaceholder(text: string, field: string): void {
  const found = /\{\{(index|token|uuid)\}\}/.exec(text)?.[0];
  if (found === undefined) return;
  throw new SeaworthyError("SW1002", `${field} holds ${found}, and --template is not given`, {
    field,
    next: ["have it filled in for each request: --template"],
  });
}
