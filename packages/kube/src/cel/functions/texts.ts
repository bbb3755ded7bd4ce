import type { Environment } from "@marcbachmann/cel-js";
import { goPattern } from "../../custom-kinds/go-pattern.ts";

/** What the language lacks of the extended strings library, and Kubernetes' regex library. */
export function registerTexts(environment: Environment): void {
  environment
    .registerFunction("string.goMatches(string): bool", (text: string, pattern: string) =>
      goPattern(pattern).test(text),
    )
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) =>
      text.charAt(Number(index)),
    )
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction(
      "string.replace(string, string, int): string",
      (text: string, from: string, to: string, times: bigint) => replaceSome(text, from, to, Number(times)),
    )
    .registerFunction("string.reverse(): string", (text: string) => Array.from(text).toReversed().join(""))
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => find(text, pattern, 1)[0] ?? "",
    )
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
      find(text, pattern, Infinity),
    )
    .registerFunction(
      "string.findAll(string, int): list<string>",
      (text: string, pattern: string, most: bigint) =>
        find(text, pattern, most < 0n ? Infinity : Number(most)),
    )
    .registerFunction("string.format(list): string", (text: string, values: readonly unknown[]) =>
      format(text, values),
    );
}

function replaceSome(text: string, from: string, to: string, times: number): string {
  if (times < 0) return text.replaceAll(from, () => to);
  let left = times;
  return text.replaceAll(from, (found) => (left-- > 0 ? to : found));
}

function find(text: string, pattern: string, most: number): string[] {
  const { source, flags } = goPattern(pattern);
  return Array.from(text.matchAll(new RegExp(source, `${flags}g`)), ([found]) => found).slice(0, most);
}

/** `%s`, `%d`, `%f`, `%x` and their kin (https://pkg.go.dev/github.com/google/cel-go/ext#Strings). */
function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replaceAll(/%(?:%|(?:\.(\d+))?([sdfeboxX]))/g, (clause, digits?: string, verb?: string) => {
    if (verb === undefined) return "%";
    if (next >= values.length) throw new TypeError(`index ${next} out of range`);
    const value = values[next++];
    if (verb === "s") return shown(value);
    if (verb === "d") return String(value);
    if (verb === "f") return Number(value).toFixed(digits === undefined ? 6 : Number(digits));
    if (verb === "e") return Number(value).toExponential(digits === undefined ? 6 : Number(digits));
    const radix = { b: 2, o: 8, x: 16, X: 16 }[verb] ?? 10;
    const number =
      typeof value === "string" ? Buffer.from(value).toString("hex") : Number(value).toString(radix);
    return verb === "X" ? number.toUpperCase() : (number ?? clause);
  });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (value instanceof Map)
    return `{${Array.from(value, ([key, each]) => `${shown(key)}: ${shown(each)}`).join(", ")}}`;
  return value === null ? "null" : String(value);
}
