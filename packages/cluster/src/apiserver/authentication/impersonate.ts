import type { UserInfo } from "@seaworthy/client";
import { resourceAttributes, type Attributes } from "../authorization/attributes.ts";
import { privilegedGroup, type Authorizer } from "../authorization/authorizer.ts";
import { forbiddenRequest } from "../authorization/forbidden-request.ts";
import { StatusError } from "../http/status-error.ts";
import { groupsOfServiceAccount, serviceAccountOf } from "./service-account-name.ts";
import { anonymous, authenticatedGroup, unauthenticatedGroup } from "./users.ts";

/**
 * Whom a user becomes who wants to be taken for another; throws 403 when he may not. Since 1.36 there are ways that need
 * two rights: to be the other, and to do so for this very request (KEP-5284). The old way, with the one verb
 * `impersonate`, is tried last. A refusal tells of the first way that would have fitted.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/filters/impersonation/mode.go
 */
export function impersonate(
  authorizer: Authorizer,
  user: UserInfo,
  wanted: UserInfo,
  request: Attributes,
): UserInfo {
  let first: unknown;
  for (const { name, fits } of ways) {
    if (!fits(wanted, user)) continue;
    try {
      const demand = (attributes: Attributes, refusal?: string) => {
        const { allowed, reason } =
          refusal === undefined
            ? authorizer.authorize(user, attributes)
            : { allowed: false, reason: refusal };
        if (!allowed) throw forbiddenRequest(user, attributes, reason);
      };
      if (name !== "") demand({ ...request, verb: `impersonate-on:${name}:${request.verb}` });
      demandIdentity(demand, wanted, name);
      return become(wanted, name);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** A way to become another. The last one, without a name, is the one of before 1.36. */
interface Way {
  readonly name: "associated-node" | "arbitrary-node" | "serviceaccount" | "user-info" | "";
  fits(wanted: UserInfo, user: UserInfo): boolean;
}

const ways: readonly Way[] = [
  {
    name: "associated-node",
    fits: (wanted, { username, extra = {} }) =>
      isOnlyName(wanted) &&
      nodeOf(wanted.username) !== undefined &&
      serviceAccountOf(username) !== undefined &&
      extra["authentication.kubernetes.io/node-name"]?.join() === nodeOf(wanted.username),
  },
  {
    name: "arbitrary-node",
    fits: (wanted) => isOnlyName(wanted) && nodeOf(wanted.username) !== undefined,
  },
  {
    name: "serviceaccount",
    fits: (wanted) => isOnlyName(wanted) && serviceAccountOf(wanted.username) !== undefined,
  },
  {
    name: "user-info",
    fits: ({ username }) => nodeOf(username) === undefined && serviceAccountOf(username) === undefined,
  },
  { name: "", fits: () => true },
];

function demandIdentity(
  demand: (attributes: Attributes, refusal?: string) => void,
  { username, uid, groups, extra = {} }: UserInfo,
  way: Way["name"],
): void {
  const isOld = way === "";
  const verb = isOld ? "impersonate" : `impersonate:${way}`;
  const authentication = "authentication.k8s.io";
  const own = { verb, group: isOld ? "" : authentication };
  const node = isOld ? undefined : nodeOf(username);
  const account = serviceAccountOf(username);
  if (account !== undefined) demand(resourceAttributes({ ...own, resource: "serviceaccounts", ...account }));
  else if (node === undefined) demand(resourceAttributes({ ...own, resource: "users", name: username }));
  else {
    const name = way === "associated-node" ? "*" : node;
    demand(resourceAttributes({ ...own, resource: "nodes", name }));
  }
  if (uid !== undefined)
    demand(resourceAttributes({ verb, group: authentication, resource: "uids", name: uid }));
  for (const name of groups) {
    const group = resourceAttributes({ ...own, resource: "groups", name });
    demand(group, isOld ? undefined : forbiddenGroup(name));
  }
  for (const [subresource, values] of Object.entries(extra)) {
    const of = { verb, group: authentication, resource: "userextras", subresource };
    for (const name of values)
      demand(resourceAttributes({ ...of, name }), isOld ? undefined : forbiddenExtra(subresource, name));
  }
}

function forbiddenGroup(name: string): string | undefined {
  if (name === "") return "impersonating the empty string group is not allowed";
  return name === privilegedGroup ? "impersonating the system:masters group is not allowed" : undefined;
}

function forbiddenExtra(key: string, value: string): string | undefined {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/.+$/.test(key))
    return "impersonating an invalid key in extra is not allowed";
  return value === "" ? "impersonating the empty string value in extra is not allowed" : undefined;
}

function become(wanted: UserInfo, way: Way["name"]): UserInfo {
  const { username } = wanted;
  const account = serviceAccountOf(username);
  const groups =
    wanted.groups.length > 0
      ? wanted.groups
      : way !== "" && nodeOf(username) !== undefined
        ? ["system:nodes"]
        : account === undefined
          ? []
          : groupsOfServiceAccount(account.namespace);
  const isKnown = username !== anonymous.username && !groups.includes(unauthenticatedGroup);
  const last = isKnown ? authenticatedGroup : unauthenticatedGroup;
  return { ...wanted, groups: groups.includes(last) ? groups : [...groups, last] };
}

function isOnlyName({ uid, groups, extra }: UserInfo): boolean {
  return uid === undefined && groups.length === 0 && extra === undefined;
}

function nodeOf(username: string): string | undefined {
  return /^system:node:([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(username)?.[1];
}
