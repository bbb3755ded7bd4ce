import type { onRequestAsyncHookHandler } from "fastify";
import { bearerToken } from "./bearer-token.ts";
import { sendError } from "./answers/error-answers.ts";

/** The rules for administrators. */
export interface AdminParts {
  /** Whether anyone may administer. */
  readonly admin: boolean;
  /** The token that a request must bring as `Authorization: Bearer`, when it is set. */
  readonly adminToken: string | undefined;
}

/** Lets a request go on only when it may administer. Where nobody may, the path does not exist. */
export function adminOnly({ admin, adminToken }: AdminParts): onRequestAsyncHookHandler {
  return async (request, reply) => {
    if (!admin) {
      reply.callNotFound();
      return reply;
    }
    if (isCrossSite(request.headers["sec-fetch-site"]))
      return sendError(reply, 403, "cross_site", "another site's page may not administer this service");
    if (
      adminToken !== undefined &&
      !(await isEqual(bearerToken(request.headers.authorization), adminToken))
    ) {
      reply.header("www-authenticate", 'Bearer realm="admin"');
      return sendError(reply, 401, "no_admin_token", "send Authorization: Bearer and the ADMIN_TOKEN");
    }
  };
}

/** A browser says whose page a request comes from: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header */
function isCrossSite(site: string | string[] | undefined): boolean {
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** Compares in a time that does not tell how much of the given text was right. */
async function isEqual(given: string | undefined, wanted: string): Promise<boolean> {
  const { timingSafeEqual } = await import("node:crypto");
  const a = Buffer.from(given ?? "");
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
