import type { Credentials } from "./credentials.ts";
import { issuer, type ServiceAccountTokens, type VerifiedToken } from "./service-account-tokens.ts";

/**
 * Says whom a bearer token stands for. Throws an `Error` that says why it is not good. `audiences` are those of which it
 * must be meant for one; the API server's own when absent.
 */
export type VerifyToken = (token: string, audiences?: readonly string[]) => VerifiedToken;

/** Knows the administrator's token and those of ServiceAccounts. `credentials` are absent until the server is started. */
export function createTokenVerifier(
  credentials: () => Pick<Credentials, "accepts" | "administratorUser"> | undefined,
  tokens: Pick<ServiceAccountTokens, "verify">,
): VerifyToken {
  return (token, audiences = [issuer]) => {
    const known = credentials();
    if (known?.accepts(token) !== true) return tokens.verify(token, audiences);
    // It says nothing of audiences, so it is for this server only.
    return { user: known.administratorUser, audiences: audiences.filter((audience) => audience === issuer) };
  };
}
