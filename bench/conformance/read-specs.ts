import { whyUnmet } from "./unmet.ts";

/** How a spec ended. */
export interface SpecResult {
  readonly name: string;
  /** Why it failed; absent when it passed. */
  readonly failure?: string;
}

/** Reads the report of a run (JUnit): the specs of these names, with those that were left out as they are known not to be met. */
export function readSpecs(report: string, names: RegExp): SpecResult[] {
  const results: SpecResult[] = [];
  for (const [, head = "", body = ""] of report.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const name = unescape(attribute(head, "name"))
      .replace(/^\[It\] /, "")
      .replace(/ \[sig-[^[\]]*\]$/, "");
    if (!names.test(name) || /\[Serial\]|\[Disruptive\]/.test(name)) continue;
    const failure = failureOf(attribute(head, "status"), body, name);
    results.push(failure === undefined ? { name } : { name, failure });
  }
  return results.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function failureOf(status: string, body: string, name: string): string | undefined {
  if (status === "passed") return undefined;
  const known = whyUnmet(name);
  if (known !== undefined) return known;
  const message = unescape(attribute(body, "message")).replaceAll(/\s+/g, " ").trim().slice(0, 200);
  if (status === "skipped" && message === "") return "it was not run";
  return /suite timeout/i.test(message) ? "it was not done when the time of its group was over" : message;
}

function attribute(text: string, name: string): string {
  return new RegExp(` ?${name}="([^"]*)"`).exec(text)?.[1] ?? "";
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    return entities[String(name)] ?? whole;
  });
}
