import type { MixRequest } from "../mix-request.ts";
import { isToken } from "@seaworthy/load";
import { isOwnHeader } from "../is-own-header.ts";
import { hostName } from "../host-name.ts";
import { wirePath } from "../wire-path.ts";
import { asList, asPart, resolved, type ApiDocument, type Part } from "./api-document.ts";
import { parameterValue, type ParameterValue } from "./parameter-value.ts";

/** A GET operation, and where it stands. */
export interface Operation {
  /** The path as the document has it: `/orders/{id}`. */
  readonly template: string;
  readonly pathItem: Part;
  readonly operation: Part;
}

/** The request that an operation describes, or the parameters that it cannot be asked without. */
export type OperationRequest =
  | { readonly kind: "request"; readonly request: MixRequest }
  | { readonly kind: "lacking"; readonly parameters: readonly string[] };

/** Fills in what an operation requires (OpenAPI 3.1, section 4.8.12; Swagger 2, Parameter Object). */
export function operationRequest(each: Operation, document: ApiDocument): OperationRequest {
  const { template, pathItem, operation } = each;
  const filled = requiredOf(pathItem, operation, document).map((parameter) => ({
    ...parameter,
    written: writtenAs(parameter, parameterValue(parameter.part, document), document.version),
  }));
  const written = (place: string) => filled.filter((parameter) => parameter.place === place);
  const paths = new Map(written("path").map(({ name, written: text }) => [name, text]));
  const path = template.replace(/\{([^{}]*)\}/g, (whole, name: string) => paths.get(name) ?? whole);
  const holes = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
  const without = filled.filter((parameter) => parameter.written === undefined).map(({ name }) => name);
  const parameters = [...new Set([...without, ...holes])];
  const { base, host } = serverOf(each, document);
  const query = written("query").map((parameter) => parameter.written);
  const whole = wirePath(`${base}${path}${query.length === 0 ? "" : `?${query.join("&")}`}`);
  if (parameters.length > 0 || whole === undefined)
    return { kind: "lacking", parameters: parameters.length > 0 ? parameters : ["a path that can be asked"] };
  const headers = headersOf(written("header"), written("cookie"));
  return {
    kind: "request",
    request: {
      method: "GET",
      path: whole,
      ...(host === undefined ? {} : { host }),
      ...(headers.length === 0 ? {} : { headers }),
      weight: 1,
      isFound: true,
    },
  };
}

interface Required {
  readonly name: string;
  readonly place: string;
  readonly part: Part;
}

/** The specification has these three follow from elsewhere. */
const ignoredHeaders = /^(?:accept|content-type|authorization)$/i;

/** The parameters of an operation go before those of its path. One that cannot be found is required: nobody knows better. */
function requiredOf(pathItem: Part, operation: Part, document: ApiDocument): Required[] {
  const all = [...asList(pathItem["parameters"]), ...asList(operation["parameters"])].map((value) => {
    const part = resolved(value, document) ?? { name: referenceOf(value), in: "nowhere", required: true };
    return { name: String(part["name"]), place: String(part["in"]), part };
  });
  const last = new Map(all.map((each) => [`${each.place} ${each.name}`, each]));
  return [...last.values()].filter(
    ({ name, place, part }) =>
      (part["required"] === true || place === "path") &&
      place !== "body" &&
      place !== "formData" &&
      !(place === "header" && ignoredHeaders.test(name)),
  );
}

function referenceOf(value: unknown): string {
  const reference = asPart(value)?.["$ref"];
  return typeof reference === "string" ? reference : "a parameter";
}

/** A value as it stands in its place; undefined where it cannot. Styles that are nowhere the default are not written. */
function writtenAs(
  { name, place, part }: Required,
  value: ParameterValue | undefined,
  version: ApiDocument["version"],
): string | undefined {
  const list = value === undefined ? [] : typeof value === "string" ? [value] : value;
  if (list.length === 0 || (part["style"] ?? usualStyles[place]) !== usualStyles[place]) return undefined;
  if (place === "path") return list.map((text) => encode(text)).join(",");
  if (place === "query") {
    const isRepeated =
      version === 3 ? (part["explode"] ?? true) === true : part["collectionFormat"] === "multi";
    const values = isRepeated
      ? list.map((text) => encode(text))
      : [list.map((text) => encode(text)).join(",")];
    return values.map((text) => `${encode(name)}=${text}`).join("&");
  }
  const text = list.join(",");
  const isGood = isToken(name) && !isOwnHeader(name) && fieldValue.test(text) && !/\{\{\w+\}\}/.test(text);
  return isGood ? text : undefined;
}

/** How lists are written (OpenAPI 3.1, section 4.8.12.3). */
const usualStyles: Readonly<Record<string, string>> = {
  path: "simple",
  query: "form",
  header: "simple",
  cookie: "form",
};
const fieldValue = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

type Written = Required & { readonly written: string | undefined };

function headersOf(headers: readonly Written[], cookies: readonly Written[]): [string, string][] {
  const own = headers.map(({ name, written = "" }): [string, string] => [name, written]);
  const pairs = cookies.map(({ name, written = "" }) => `${name}=${written}`);
  return pairs.length === 0 ? own : [...own, ["cookie", pairs.join("; ")]];
}

/** What stands before the paths: of OpenAPI 3 the path of the nearest server, of Swagger 2 the basePath. */
function serverOf(
  { pathItem, operation }: Operation,
  { version, root }: ApiDocument,
): { readonly base: string; readonly host: string | undefined } {
  const trimmed = (path: string) => path.replace(/[/?#]*$/, "").replace(/^(?=[^/])/, "/");
  if (version === 2)
    return { base: trimmed(textOr(root["basePath"], "")), host: hostName(textOr(root["host"], "")) };
  const servers = [operation, pathItem, root]
    .map((each) => asList(each["servers"]))
    .find(({ length }) => length > 0);
  const server = asPart(servers?.[0]);
  const variables = asPart(server?.["variables"]);
  const url = textOr(server?.["url"], "").replace(/\{([^{}]*)\}/g, (_, name: string) =>
    textOr(asPart(variables?.[name])?.["default"], ""),
  );
  const [, host, path] = /^[a-z]+:\/\/([^/]*)(.*)$/is.exec(url) ?? [undefined, undefined, url];
  return { base: trimmed(path ?? ""), host: hostName(host) };
}

function textOr(value: unknown, other: string): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : other;
}
