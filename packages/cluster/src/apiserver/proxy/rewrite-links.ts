/**
 * Leads the links of a page of HTML elsewhere. All else of the page stays as it is, also what is no HTML.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/util/proxy/transport.go (rewriteHTML)
 */
export function rewriteLinks(page: string, rewrite: (url: string) => string): string {
  return page.replaceAll(token, (tag: string, raw: string | undefined, name: string | undefined) => {
    const attributes = linksOf.get((raw ?? name)?.toLowerCase() ?? "");
    if (attributes === undefined) return tag;
    const end = raw === undefined ? tag.length : tag.indexOf(">") + 1;
    return rewriteTag(tag.slice(0, end), attributes, rewrite) + tag.slice(end);
  });
}

function rewriteTag(tag: string, attributes: string, rewrite: (url: string) => string): string {
  const names = attributes.split(" ");
  return tag.replaceAll(attribute, (whole: string, name: string, quoted: string) => {
    if (!names.includes(name.toLowerCase())) return whole;
    const quote = /^["']/.exec(quoted)?.[0] ?? "";
    const url = quote === "" ? quoted : quoted.slice(1, -1);
    return `${whole.slice(0, whole.length - quoted.length)}${quote}${rewrite(url)}${quote}`;
  });
}

/**
 * A comment, a script or style with its text, in which no tags are, or the beginning of any other element. Each is read once, also
 * without its end, so that no page holds up the server.
 */
const token =
  /<!--[^]*?(?:-->|$)|<(script|style)\b[^<>]*>[^]*?(?:<\/\1|$)|<([a-z][a-z0-9]*)(?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,500}>/gi;
const attribute = /(?<=\s)([a-z]+)\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'<>]+)/gi;

const linksOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "href",
    applet: "codebase",
    area: "href",
    audio: "src",
    base: "href",
    blockquote: "cite",
    body: "background",
    button: "formaction",
    command: "icon",
    del: "cite",
    embed: "src",
    form: "action",
    frame: "longdesc src",
    head: "profile",
    html: "manifest",
    iframe: "longdesc src",
    img: "longdesc src usemap",
    input: "src usemap formaction",
    ins: "cite",
    link: "href",
    object: "classid codebase data usemap",
    q: "cite",
    script: "src",
    source: "src",
    video: "poster src",
  }),
);
