/**
 * Whether a client would rather have HTML than anything else it names, as a browser's address bar does: RFC 9110,
 * section 12.5.1. A client that takes anything does not ask for HTML.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !/text\/html/i.test(accept)) return false;
  let html = 0;
  let other = 0;
  for (const range of accept.slice(0, maxChars).split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    if (Number.isNaN(quality)) continue;
    if (type === "text/html") html = Math.max(html, quality);
    else if (type !== "application/xhtml+xml") other = Math.max(other, quality);
  }
  return html > 0 && html >= other;
}

/** How much of an Accept header is read. A browser's header is shorter. */
const maxChars = 1_000;
