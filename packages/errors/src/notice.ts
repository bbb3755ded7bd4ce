/** Something that a user should know and that stops nothing: one line, however many things it is about. */
export interface Notice {
  readonly text: string;
  /** What it is about, when that is several things. */
  readonly names?: readonly string[];
}

const fewNames = 4;

/** The line of a notice. Of many names the first few stand there, unless all are asked for. */
export function formatNotice({ text, names = [] }: Notice, { all }: { readonly all: boolean }): string {
  if (names.length === 0) return text;
  const shown = all || names.length <= fewNames + 1 ? names : names.slice(0, fewNames);
  const more = names.length - shown.length;
  return `${text}: ${shown.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}
