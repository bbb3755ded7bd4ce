import { quoteAsGo } from "../../go/go-text.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../field-error.ts";

const form = "; desired format: https://host[/path]";

/** What is wrong with the address of a webhook, which Kubernetes takes apart as Go's net/url does. */
export function* webhookUrlErrors(field: string, url: string): FieldErrors {
  const fault = parseFault(url);
  if (fault !== undefined)
    return yield requiredValue(field, `url must be a valid URL: parse ${quoteAsGo(url)}: ${fault}${form}`);
  const { scheme, user, host, query, fragment } = partsOf(url);
  if (scheme !== "https") yield invalidValue(field, scheme, `'https' is the only allowed URL scheme${form}`);
  if (host === "") yield invalidValue(field, host, `host must be specified${form}`);
  if (user !== undefined) yield invalidValue(field, user, "user information is not permitted in the URL");
  if (fragment !== "") yield invalidValue(field, fragment, "fragments are not permitted in the URL");
  if (query !== "") yield invalidValue(field, query, "query parameters are not permitted in the URL");
}

/** What net/url says first of a text that is no URL, as far as it is the text of a host and a path. */
function parseFault(url: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what Go refuses.
  if (/[\u0000-\u001f\u007f]/.test(url)) return "net/url: invalid control character in URL";
  if (url.startsWith(":")) return "missing protocol scheme";
  const [, badEscape] = /(%(?![0-9A-Fa-f]{2}).{0,2})/.exec(url.replace(/[?].*$/, "")) ?? [];
  if (badEscape !== undefined) return `invalid URL escape ${quoteAsGo(badEscape)}`;
  const [first = ""] = url.split(/[/?#]/);
  if (first.includes(":") && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url))
    return "first path segment in URL cannot contain colon";
  return undefined;
}

function partsOf(url: string): {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
} {
  const [, scheme = "", authority, query = "", fragment = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(url) ?? [];
  const cut = (authority ?? "").lastIndexOf("@");
  return {
    scheme: scheme.toLowerCase(),
    user: cut < 0 ? undefined : authority?.slice(0, cut),
    host: (authority ?? "").slice(cut + 1),
    query,
    fragment,
  };
}
