import type { TokenRequestSpec } from "@seaworthy/client";
import type { Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";

/** Gets a token of the pod's ServiceAccount that ends with the pod. */
export type RequestToken = (
  pod: Pod,
  spec: Pick<TokenRequestSpec, "audiences" | "expirationSeconds">,
) => Promise<string>;

/** A token is replaced when so much of its time is over, and each day. */
const share = 0.8;
const longestMs = 24 * 3_600_000;

/**
 * Remembers the tokens of one pod and asks for new ones well before they end; one that cannot be had yet is gone on with.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/token/token_manager.go
 */
export function rememberTokens(requestToken: RequestToken, clock: Clock): RequestToken {
  const known = new Map<string, { readonly token: string; readonly dueMs: number; readonly endMs: number }>();
  return async (pod, spec) => {
    const key = JSON.stringify([spec.audiences, spec.expirationSeconds]);
    const before = known.get(key);
    const now = clock.now();
    if (before !== undefined && now < before.dueMs) return before.token;
    const lifetimeMs = (spec.expirationSeconds ?? 3600) * 1000;
    try {
      const token = await requestToken(pod, spec);
      known.set(key, {
        token,
        dueMs: now + Math.min(lifetimeMs * share, longestMs),
        endMs: now + lifetimeMs,
      });
      return token;
    } catch (error) {
      if (before !== undefined && now < before.endMs) return before.token;
      throw error;
    }
  };
}
