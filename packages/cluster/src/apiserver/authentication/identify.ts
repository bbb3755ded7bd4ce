import type { IncomingMessage } from "node:http";
import type { ApiRequest, UserInfo } from "@seaworthy/client";
import { attributesOf } from "../authorization/attributes-of.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { Authenticate } from "./authenticate.ts";
import { impersonate } from "./impersonate.ts";
import { readImpersonation } from "./read-impersonation.ts";

/** As whom a request is to be served: as its sender, or as whom the sender may and wants to be taken for. */
export function identify(
  { authenticate, authorizer }: { readonly authenticate: Authenticate; readonly authorizer: Authorizer },
  message: IncomingMessage,
  request: Pick<ApiRequest, "method" | "path" | "query">,
): UserInfo {
  const user = authenticate(message);
  // Few requests ask for it, and Node makes the distinct headers for who reads them.
  const wanted = mentionsImpersonation(message) ? readImpersonation(message.headersDistinct) : undefined;
  return wanted === undefined ? user : impersonate(authorizer, user, wanted, attributesOf(request));
}

function mentionsImpersonation({ headers }: IncomingMessage): boolean {
  for (const name in headers) if (name.startsWith("impersonate-")) return true;
  return false;
}
