/** A line of an exposition that holds a number. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar?: Omit<Sample, "name"> & { readonly timeSeconds: number };
}

/** Reads either text format back. Throws for a line that neither format allows. */
export function parseExposition(text: string): readonly Sample[] {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const lines = text.slice(0, -1).split("\n");
  return lines.filter((line) => !descriptor.test(line)).map(parseSample);
}

/** The samples of one name. */
export function samplesOf(text: string, name: string): readonly Sample[] {
  return parseExposition(text).filter((sample) => sample.name === name);
}

const descriptor = /^# (?:(?:HELP|TYPE|UNIT) [\w:]+ [^]+|EOF)$/;
const label = `[a-zA-Z_]\\w*="(?:[^"\\\\]|\\\\["\\\\n])*"`;
const labels = `\\{(${label}(?:,${label})*)\\}`;
const sample = new RegExp(`^([a-zA-Z_:][\\w:]*)(?:${labels})? (\\S+)(?: # ${labels} (\\S+) (\\S+))?$`, "u");

function parseSample(line: string): Sample {
  const match = sample.exec(line);
  if (match === null) throw new Error(`not a sample: ${line}`);
  const [, name = "", labels, value = "", exemplarLabels, exemplarValue = "", time = ""] = match;
  const one = { name, labels: parseLabels(labels ?? ""), value: parseNumber(value) };
  if (exemplarLabels === undefined) return one;
  const exemplar = { labels: parseLabels(exemplarLabels), value: parseNumber(exemplarValue) };
  return { ...one, exemplar: { ...exemplar, timeSeconds: parseNumber(time) } };
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gu);
  return Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [
      name,
      value.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char)),
    ]),
  );
}

function parseNumber(text: string): number {
  if (text === "NaN") return NaN;
  const value = Number(text.replace("Inf", "Infinity"));
  if (Number.isNaN(value)) throw new Error(`not a number: ${text}`);
  return value;
}
