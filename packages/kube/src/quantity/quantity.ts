import { SeaworthyError } from "@seaworthy/errors";

/** How a quantity is written: with powers of ten, of two, or with an exponent. */
export type QuantityFormat = "decimal" | "binary" | "exponent";

/**
 * A Kubernetes quantity in billionths of its unit: "500m" is 500_000_000n, "1Ki" is 1024_000_000_000n.
 * What is smaller than a billionth is rounded up, away from zero, as the API server does.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string | number): bigint {
  return read(text).nanos;
}

/** A quantity in its canonical form: the largest suffix that needs no fraction. */
export function formatQuantity(nanos: bigint, format: QuantityFormat = "decimal"): string {
  const isWhole = nanos % nano === 0n;
  const tooSmall = nanos > -1024n * nano && nanos < 1024n * nano;
  if (format === "binary" && isWhole && !tooSmall) return formatBinary(nanos / nano);
  if (nanos === 0n) return "0";
  let mantissa = nanos;
  let exponent = -9;
  while (mantissa % 1000n === 0n && exponent < 18) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === "exponent") return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  return `${mantissa}${decimalSuffixes[exponent / 3 + 3] ?? ""}`;
}

/** A quantity as the API server stores it: "0.5" is "500m", "1024Mi" is "1Gi", 2 is "2". */
export function canonicalQuantity(text: string | number): string {
  const known = canonicalForms.get(text);
  if (known !== undefined) return known;
  const { nanos, format } = read(text);
  const form = isKeptAsWritten(String(text).trim()) ? String(text).trim() : formatQuantity(nanos, format);
  if (canonicalForms.size >= mostForms) canonicalForms.clear();
  canonicalForms.set(text, form);
  return form;
}

const canonicalForms = new Map<string | number, string>();
const mostForms = 1000;

/** Less than, equal to or greater than zero, as `a` is to `b`. */
export function compareQuantity(a: string | number, b: string | number): -1 | 0 | 1 {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The sum of two, written as the first of them that is not zero (Quantity.Add). */
export function addQuantities(left: string | number, right: string | number): string {
  const [one, other] = [read(left), read(right)];
  return formatQuantity(one.nanos + other.nanos, one.nanos === 0n ? other.format : one.format);
}

/** What is left of one after another is taken off. */
export function subtractQuantities(left: string | number, right: string | number): string {
  const { nanos, format } = read(left);
  return formatQuantity(nanos - read(right).nanos, format);
}

/** An amount, written as another quantity is. */
export function formatLike(nanos: bigint, like: string | number): string {
  return formatQuantity(nanos, read(like).format);
}

/** A quantity without its fraction, which is rounded up. */
export function wholeQuantity(text: string | number): string {
  const { nanos, format } = read(text);
  return nanos % nano === 0n ? String(text) : formatQuantity((nanos / nano + 1n) * nano, format);
}

/** Whether a value would parse as a quantity. */
export function isQuantity(value: unknown): value is string | number {
  if (typeof value !== "string" && typeof value !== "number") return false;
  if (readings.has(value)) return true;
  return syntax.test(String(value).trim()) && hasKnownSuffix(String(value).trim());
}

const nano = 1_000_000_000n;
/** The API server caps what is larger, when it is written with powers of two: 2^63 - 1. */
const most = (2n ** 63n - 1n) * nano;
const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const syntax = /^([+-]?)(\d+\.?\d*|\.\d+)([a-zA-Z]*)([+-]?\d*)$/;
/** Beyond these the value is 0, or more than the largest one, whatever the digits. */
const exponentLimit = 400;

interface Reading {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

/** The same few quantities stand in all objects of a cluster. */
const readings = new Map<string | number, Reading>();
const mostReadings = 1000;

function read(text: string | number): Reading {
  let known = readings.get(text);
  if (known === undefined) {
    if (readings.size >= mostReadings) readings.clear();
    readings.set(text, (known = parse(text)));
  }
  return known;
}

function parse(text: string | number): Reading {
  const trimmed = String(text).trim();
  const match = syntax.exec(trimmed);
  const suffix = match === null ? undefined : readSuffix(match[3] ?? "", match[4] ?? "");
  if (match === null || suffix === undefined) {
    throw new SeaworthyError("SW1108", `${JSON.stringify(text)} is not a quantity`, {
      why: "A quantity is a number with an optional suffix: m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or an exponent.",
      next: ['write it like "250m" (a quarter of a CPU), "2", "64Mi" or "1Gi"'],
    });
  }
  const [whole = "", fraction = ""] = (match[2] ?? "").split(".");
  const digits = BigInt(`${whole}${fraction}` || "0") * suffix.factor;
  const scale = 9 + suffix.exponent - fraction.length;
  const magnitude = scale >= 0 ? digits * 10n ** BigInt(scale) : divideUp(digits, 10n ** BigInt(-scale));
  const capped = suffix.format === "binary" && magnitude > most ? most : magnitude;
  return { nanos: match[1] === "-" ? -capped : capped, format: suffix.format };
}

/** The server takes "1.125" for canonical, though 1125m says the same (ParseQuantity: reuse the string). */
function isKeptAsWritten(text: string): boolean {
  const [, , number = "", letters = "", exponent = ""] = syntax.exec(text) ?? [];
  const [whole = "", fraction = ""] = number.split(".");
  const suffix = readSuffix(letters, exponent);
  if (suffix === undefined || suffix.format === "binary" || fraction === "") return false;
  const digits = `${whole || "0"}${fraction}`;
  const scale = suffix.exponent - fraction.length;
  return scale >= -9 && scale % 3 === 0 && digits.length <= 18 && !/^0|000$/.test(digits);
}

function readSuffix(
  letters: string,
  digits: string,
): { factor: bigint; exponent: number; format: QuantityFormat } | undefined {
  if ((letters === "e" || letters === "E") && /\d/.test(digits)) {
    const exponent = Math.max(-exponentLimit, Math.min(exponentLimit, Number(digits)));
    return { factor: 1n, exponent, format: "exponent" };
  }
  if (digits !== "") return undefined;
  const binary = binarySuffixes.indexOf(letters);
  if (binary > 0) return { factor: 1024n ** BigInt(binary), exponent: 0, format: "binary" };
  const decimal = decimalSuffixes.indexOf(letters);
  return decimal < 0 ? undefined : { factor: 1n, exponent: decimal * 3 - 9, format: "decimal" };
}

function hasKnownSuffix(text: string): boolean {
  const match = syntax.exec(text);
  return match !== null && readSuffix(match[3] ?? "", match[4] ?? "") !== undefined;
}

function formatBinary(value: bigint): string {
  let mantissa = value;
  let power = 0;
  while (mantissa % 1024n === 0n && power < binarySuffixes.length - 1) {
    mantissa /= 1024n;
    power += 1;
  }
  return `${mantissa}${binarySuffixes[power]}`;
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
