/** Gives the text of another registry, such as prom-client's. */
export type ForeignSource = () => string | Promise<string>;

/**
 * The text of a source, without the families whose names are taken, because Prometheus takes only the first of two
 * samples of one series. A source that fails gives nothing, and `failed` is called.
 */
export function readForeignText(
  source: ForeignSource,
  taken: ReadonlySet<string>,
  failed: () => void,
): string | Promise<string> {
  const nothing = (): string => {
    failed();
    return "";
  };
  try {
    const text = source();
    return typeof text === "string"
      ? withoutFamilies(text, taken)
      : text.then((later) => withoutFamilies(later, taken)).catch(nothing);
  } catch {
    return nothing();
  }
}

function withoutFamilies(text: string, taken: ReadonlySet<string>): string {
  const lines = text.split("\n").filter((line) => line !== "" && !taken.has(metricName(line)));
  return lines.map((line) => `${line}\n`).join("");
}

function metricName(line: string): string {
  return /^(?:# (?:HELP|TYPE) )?([^\s{]+)/.exec(line)?.[1] ?? "";
}
