import { escapeHtml } from "./escape.ts";

/** A table of plain texts. Columns whose title begins with `#` are numbers and stand at the right. */
export function table(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const isNumber = titles.map((title) => title.startsWith("#"));
  const cell = (tag: "th" | "td", text: string, column: number, scope = "") =>
    `<${tag}${scope}${isNumber[column] === true ? ' class="number"' : ""}>${escapeHtml(text)}</${tag}>`;
  const head = titles.map((title, column) => cell("th", title.replace(/^#/, ""), column, ' scope="col"'));
  const body = rows.map(
    (row) =>
      `<tr>${row.map((text, column) => (column === 0 ? cell("th", text, 0, ' scope="row"') : cell("td", text, column))).join("")}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A part of the page that is closed until the reader opens it; in print it is open. */
export function folded(summary: string, content: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>${content}</details>`;
}
