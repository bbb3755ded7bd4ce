import type { ApiRequest } from "@seaworthy/client";
import {
  hasRepeatedFields,
  parseYaml,
  writtenFields,
  type ParsedYaml,
  type WrittenField,
  withoutNulls,
} from "@seaworthy/kube";
import { protobufMediaType } from "./accept.ts";
import { badRequest, unknownFormat, unsupportedMediaType } from "./status-error.ts";

/** The media types that a PATCH may have. */
export const patchMediaTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

const yamlMediaType = "application/yaml";

/** The media type of a server-side apply. */
export const applyMediaType = "application/apply-patch+yaml";

/** The media type of a body, without parameters. */
export function mediaTypeOf(headers: ApiRequest["headers"]): string {
  return (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

/** The configuration that a server-side apply sends, which is YAML. */
export function parseConfiguration({ body }: { readonly body?: ApiRequest["body"] | undefined }): ParsedYaml {
  const text = textOf(body);
  checkDepth(text);
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
  }
}

/**
 * The body of a request, read as JSON; undefined when it is empty. A body of a media type that is not served is
 * refused: `text/plain` and forms are what a web page may send to any address without being asked for permission.
 */
export function parseBody(request: ApiRequest): unknown {
  return parseStrictly(request, false).value;
}

/** A body, and what stands twice in one of its objects: the last one counts. */
export interface StrictBody {
  readonly value: unknown;
  /** The fields of a JSON body as they are written; empty when none stands twice. */
  readonly fields: readonly WrittenField[];
  /** The keys of a YAML body that stand twice, in the words of Kubernetes' reader. */
  readonly repeatedKeys: readonly string[];
}

/** The same for who wants to know of what stands twice, if he does. */
export function parseStrictly({ method, headers, body }: ApiRequest, isStrict: boolean): StrictBody {
  const text = textOf(body);
  const isPatch = method === "PATCH";
  const empty = { value: undefined, fields: [], repeatedKeys: [] };
  if (text.trim() === "" && !isPatch) return empty;
  if (isPatch) checkPatchType(headers);
  else checkMediaType(headers);
  if (mediaTypeOf(headers) === yamlMediaType) {
    const { value, repeatedKeys } = parseConfiguration({ body });
    return { value, fields: [], repeatedKeys: isStrict ? repeatedKeys : [] };
  }
  checkDepth(text);
  const value = parseJson(text);
  return { ...empty, value, fields: isStrict && hasRepeatedFields(text, value) ? writtenFields(text) : [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

/**
 * The body of a request that is a question or an order, and no object to be stored. A null in it is a field that is not
 * given, as for Kubernetes' own types, whose lists are null when they are empty.
 */
export function parseRequestObject(request: ApiRequest): unknown {
  const body = parseBody(request);
  return body === null ? {} : withoutNulls(body);
}

/** The media type of a patch decides what it means, so that there has to be one. */
export function checkPatchType(headers: ApiRequest["headers"]): void {
  if (!patchMediaTypes.includes(mediaTypeOf(headers)))
    throw unsupportedMediaType("415: Unsupported Media Type", {});
}

/** Without a media type a body is JSON. */
function checkMediaType(headers: ApiRequest["headers"]): void {
  const mediaType = mediaTypeOf(headers);
  if (mediaType === "" || mediaType === "application/json" || mediaType === yamlMediaType) return;
  // Protobuf has become JSON by now, where it can be read.
  throw unknownFormat(["application/json", yamlMediaType, protobufMediaType]);
}

/** As deep as Go's decoder goes: https://github.com/golang/go/blob/go1.25.0/src/encoding/json/scanner.go (maxNestingDepth). */
const deepest = 10_000;

/** Refuses what is nested too deep, before anything recurses into it. A short text cannot be. */
function checkDepth(text: string): void {
  if (text.length <= deepest) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > deepest)
        throw badRequest(
          `couldn't get version/kind; json parse error: invalid character '${text[at]}' exceeded max depth`,
        );
    } else if (code === openBracket + 2 || code === openBrace + 2) depth -= 1;
  }
}

const [quote, backslash, openBracket, openBrace] = [0x22, 0x5c, 0x5b, 0x7b];

/** As TextDecoder does, and faster. */
function textOf(body: ApiRequest["body"]): string {
  if (body === undefined || typeof body === "string") return body ?? "";
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}
