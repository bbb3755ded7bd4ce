import type { UserInfo } from "@seaworthy/client";

/** Every user is in one of these two groups. */
export const authenticatedGroup = "system:authenticated";
export const unauthenticatedGroup = "system:unauthenticated";

/** Who has shown no credentials. What he may do, the bindings of `system:unauthenticated` say. */
export const anonymous: UserInfo = { username: "system:anonymous", groups: [unauthenticatedGroup] };

/** A program of this process: no request over the network is ever its. */
export const thisProcess: UserInfo = {
  username: "system:apiserver",
  groups: ["system:masters", authenticatedGroup],
};
