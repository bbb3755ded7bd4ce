import type { UserInfo } from "@seaworthy/client";
import { badRequest } from "../http/status-error.ts";

/** The headers of a request, each with all of its values, their names in lower case. */
export type HeaderValues = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * Whom a request wants to be taken for (`kubectl --as`), or undefined when it wants nothing of the kind.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/filters/impersonation/constrained_impersonation.go
 */
export function readImpersonation(headers: HeaderValues): UserInfo | undefined {
  const username = headers["impersonate-user"]?.[0] ?? "";
  const uid = headers["impersonate-uid"]?.[0] ?? "";
  const groups = headers["impersonate-group"] ?? [];
  const extra = readExtra(headers);
  if (username === "") {
    if (uid === "" && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
    throw badRequest(`requested ${goUser(uid, groups, extra)} without impersonating a user name`);
  }
  return {
    username,
    groups,
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

const extraPrefix = "impersonate-extra-";

function readExtra(headers: HeaderValues): Record<string, readonly string[]> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(extraPrefix));
  return Object.fromEntries(
    found.map(([name, values = []]) => [unescapeKey(name.slice(extraPrefix.length)), values]),
  );
}

/** Header names cannot have every character, so keys come percent-encoded, or just as they are. */
function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** As Go's `%#v` writes it. */
function goUser(
  uid: string,
  groups: readonly string[],
  extra: Readonly<Record<string, readonly string[]>>,
): string {
  const list = (texts: readonly string[]) =>
    texts.length === 0
      ? "[]string(nil)"
      : `[]string{${texts.map((text) => JSON.stringify(text)).join(", ")}}`;
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const map =
    entries.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${entries.join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list(groups)}, Extra:${map}}`;
}
