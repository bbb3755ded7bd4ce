import type { Behavior } from "../resource.ts";
import { requestToken } from "./request-token.ts";

/** ServiceAccounts: tokens are asked for below them. */
export const serviceAccountBehavior: Behavior = {
  subresources: [
    {
      name: "token",
      kind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
      verbs: ["create"],
      handle: requestToken,
    },
  ],
};
