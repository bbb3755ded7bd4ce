/** The signs before a line. */
export interface Marks {
  readonly good: string;
  readonly bad: string;
  /** Has begun and is not there yet. */
  readonly starting: string;
  readonly ending: string;
}

const signs: Marks = { good: "✔", bad: "✖", starting: "◌", ending: "◷" };
const words: Marks = { good: "ok", bad: "FAIL", starting: "..", ending: ".." };

/** Signs with colours; words where colours are not wanted (https://no-color.org) or the locale has ASCII only. */
export function marksFor(env: Readonly<Record<string, string | undefined>>): Marks {
  const locale = env["LC_ALL"] ?? env["LC_CTYPE"] ?? env["LANG"] ?? "";
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || locale === "C" || locale === "POSIX";
  return isPlain ? words : signs;
}
