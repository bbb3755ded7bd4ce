import { isIP } from "node:net";
import type { JSONSchemaProps } from "./json-schema-props.ts";

/** A format that is looked at, and how; numbers are looked at by their range. */
export interface CheckedFormat {
  readonly name: string;
  readonly check?: (text: string) => boolean;
}

/**
 * The format of a schema as far as the API server of v1.36 heeds it: others are left out of account.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/validation/formats.go
 */
export function checkedFormat(schema: JSONSchemaProps): CheckedFormat | undefined {
  const { format = "", type = "" } = schema;
  if (format === "" || !isKnownFormat(schema)) return undefined;
  if (type === "integer" || type === "number") return { name: format };
  const check = checks[normalized(format)];
  return check === undefined ? { name: format } : { name: format, check };
}

/** Whether the API server knows a format for values of the type beside it; it warns of others. */
export function isKnownFormat({ format = "", type = "", ...rest }: JSONSchemaProps): boolean {
  if (rest["x-kubernetes-int-or-string"] === true || type === "" || type === "string")
    return Object.hasOwn(checks, normalized(format));
  if (type === "integer") return format === "int32" || format === "int64";
  if (type === "number") return format === "float" || format === "double";
  return false;
}

function normalized(format: string): string {
  return format.replaceAll("-", "");
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const creditCard =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
const rgbPart = String.raw`(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])`;

/** https://github.com/kubernetes/kube-openapi/blob/master/pkg/validation/strfmt/default.go */
const checks: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  byte: (text) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  cidr: isCidr,
  creditcard: (text) => isCreditCard(text.replaceAll(/[^0-9]+/g, "")),
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: (text) => /^(?:[^<>]*<)?[^\s<>@,;:"]+@[^\s<>@,;:"]+>?$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  hostname: (text) =>
    hostname.test(text) &&
    Buffer.byteLength(text) <= 255 &&
    text.split(".").every((part) => part.length <= 63),
  ipv4: (text) => isIP(withoutZeros(text)) !== 0 && text.includes("."),
  ipv6: (text) => isIP(text) === 6,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  k8slongname: (text) => text.length <= 253 && new RegExp(String.raw`^${label}(\.${label})*$`).test(text),
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
  mac: (text) =>
    /^([0-9a-f]{2}(([:-])[0-9a-f]{2})(\3[0-9a-f]{2}){4,18}|([0-9a-f]{4}\.){2,9}[0-9a-f]{4})$/i.test(text),
  password: () => true,
  rgbcolor: (text) =>
    new RegExp(String.raw`^rgb\(\s*${rgbPart}\s*,\s*${rgbPart}\s*,\s*${rgbPart}\s*\)$`).test(text),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  uri: isRequestUri,
  uuid: uuid("[0-9a-f]", "[0-9a-f]"),
  uuid3: uuid("3", "[0-9a-f]"),
  uuid4: uuid("4", "[89ab]"),
  uuid5: uuid("5", "[89ab]"),
};

function uuid(version: string, variant: string): (text: string) => boolean {
  const form = `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`;
  const expression = new RegExp(form, "i");
  return (text) => expression.test(text);
}

/** Numbers of an address may begin with zeros, as they could before Go 1.17. */
function withoutZeros(text: string): string {
  return text.replaceAll(/(^|\.)0+(?=\d)/g, "$1");
}

function isCidr(text: string): boolean {
  const [, address = "", bits = ""] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(withoutZeros(address));
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const [day = "", time = ""] = text.toLowerCase().split("t");
  const match = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time);
  const [, hours = "99", minutes = "99", seconds = "99"] = match ?? [];
  return isDate(day) && hours <= "23" && minutes <= "59" && seconds <= "59";
}

/** As Go's time.ParseDuration reads it, or in words: `2 hours`. */
function isDuration(text: string): boolean {
  if (/^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return true;
  return /\d+\s*(ns|nano|us|µs|micro|ms|milli|s\b|sec|m\b|min|h\b|hr|hour|d\b|day|w\b|wk|week)/i.test(text);
}

function isRequestUri(text: string): boolean {
  if (text.startsWith("/")) return !/[\s%](?![0-9A-Fa-f]{2})/.test(text);
  return /^[A-Za-z][-+.A-Za-z0-9]*:[^\s]+$/.test(text) && (!/^https?:/i.test(text) || URL.canParse(text));
}

function isCreditCard(digits: string): boolean {
  if (!creditCard.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (index + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return (
    [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 ===
    0
  );
}
