import { badRequest } from "../http/status-error.ts";
import type { ApiContext } from "../api-context.ts";
import type { Reviewer } from "./review.ts";

/** Whose is this token? */
export const reviewToken: Reviewer = ({ spec }, { context }) => {
  const { token = "", audiences } = (spec ?? {}) as {
    readonly token?: string;
    readonly audiences?: readonly string[];
  };
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const asked = audiences === undefined || audiences.length === 0 ? {} : { audiences };
  return { metadata: {}, spec: { token, ...asked }, status: statusOf(context, token, asked.audiences) };
};

function statusOf({ verifyToken }: ApiContext, token: string, audiences?: readonly string[]): unknown {
  try {
    const { user, audiences: meant } = verifyToken(token, audiences);
    return { authenticated: true, user, audiences: meant };
  } catch (error) {
    const { message } = error as Error;
    const first = "invalid bearer token";
    return { user: {}, error: message === first ? first : `[${first}, ${message}]` };
  }
}
