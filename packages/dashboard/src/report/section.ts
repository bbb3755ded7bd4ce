import { escapeHtml } from "@seaworthy/load";

/** A part of the page under a heading. `content` is HTML; the other two are texts. */
export function section(title: string, text: string, content: string, id = ""): string {
  const name = id === "" ? "" : ` id="${id}"`;
  const lead = text === "" ? "" : `<p>${escapeHtml(text)}</p>`;
  return `<section${name}><h2>${escapeHtml(title)}</h2>${lead}${content}</section>`;
}
