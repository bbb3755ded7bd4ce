import type { UserInfo } from "@seaworthy/client";
import { StatusError } from "../http/status-error.ts";
import { isForResource, type Attributes } from "./attributes.ts";

/**
 * 403 for somebody who may not do something.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/responsewriters/errors.go
 */
export function forbiddenRequest(user: UserInfo, attributes: Attributes, reason = ""): StatusError {
  const because = reason === "" ? "" : `: ${reason}`;
  const text = `${escapeHtml(whatIsForbidden(user, attributes))}${because}`;
  if (!isForResource(attributes)) return new StatusError(403, "Forbidden", `forbidden: ${text}`, {});
  const { group, resource, name } = attributes;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const what = name === "" ? qualified : `${qualified} ${JSON.stringify(name)}`;
  const details = {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind: resource,
  };
  return new StatusError(403, "Forbidden", `${what} is forbidden: ${text}`, details);
}

function whatIsForbidden({ username }: UserInfo, attributes: Attributes): string {
  const who = `User ${JSON.stringify(username)} cannot ${attributes.verb}`;
  if (!isForResource(attributes)) return `${who} path ${JSON.stringify(attributes.path)}`;
  const { group, resource, subresource, namespace } = attributes;
  const what = JSON.stringify(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}

/** The text may end in a browser, and part of it is what somebody sent. */
function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
