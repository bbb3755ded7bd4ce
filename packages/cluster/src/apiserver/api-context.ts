import type { UserInfo } from "@seaworthy/client";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodNetwork } from "../pod-network.ts";
import type { FrontProxy } from "./authentication/front-proxy.ts";
import type { ServiceAccountTokens } from "./authentication/service-account-tokens.ts";
import type { VerifyToken } from "./authentication/verify-token.ts";
import type { Authorizer } from "./authorization/authorizer.ts";
import type { UsageMeter } from "./metrics/usage-meter.ts";
import type { Resources } from "./resource.ts";
import type { Expiry } from "./store/expiry.ts";
import type { Store } from "./store/store.ts";

/** What every request handler works with. */
export interface ApiContext {
  /** What is served. */
  readonly resources: Resources;
  readonly store: Store;
  /** Which states of it are too old to be listed. */
  readonly expiry: Expiry;
  readonly clock: Clock;
  /** Time as processes have it: by it those are waited for who are asked over the network. */
  readonly processClock: Clock;
  readonly random: Random;
  readonly kubelet: Kubelet;
  /** What containers use. */
  readonly usage: UsageMeter;
  /** How pods are reached by their address. */
  readonly network: Pick<PodNetwork, "dial">;
  readonly authorizer: Authorizer;
  readonly tokens: ServiceAccountTokens;
  readonly verifyToken: VerifyToken;
  /** How this server shows extension API servers who it is. Made when it is first asked for. */
  readonly frontProxy: () => FrontProxy;
  /** Who asks. Absent for programs in this process, which may do everything. */
  readonly user?: UserInfo;
}
