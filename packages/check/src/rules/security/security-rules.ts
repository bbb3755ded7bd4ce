import type { Rule } from "../../rule.ts";
import { lowUserId } from "./low-user-id/low-user-id.ts";
import { namedUserImage } from "./named-user-image/named-user-image.ts";
import { nodeSocket } from "./node-socket/node-socket.ts";
import { readOnlyRoot } from "./read-only-root/read-only-root.ts";
import { readOnlyRootImage } from "./read-only-root-image/read-only-root-image.ts";
import { readOnlyTmp } from "./read-only-tmp/read-only-tmp.ts";
import { rootImage } from "./root-image/root-image.ts";
import { secretFromEnv } from "./secret-from-env/secret-from-env.ts";
import { secretInArgs } from "./secret-in-args/secret-in-args.ts";
import { secretInConfigMap } from "./secret-in-config-map/secret-in-config-map.ts";
import { secretInEnv } from "./secret-in-env/secret-in-env.ts";
import { secretInFile } from "./secret-in-file/secret-in-file.ts";
import { secretValue } from "./secret-value/secret-value.ts";
import { sensitiveHostMount } from "./sensitive-host-mount/sensitive-host-mount.ts";
import { serviceAccountToken } from "./service-account-token/service-account-token.ts";
import { serviceLinks } from "./service-links/service-links.ts";
import { writableHostMount } from "./writable-host-mount/writable-host-mount.ts";

/** Rules about what containers can do and what they are told, beyond the Pod Security Standards. */
export const securityRules: readonly Rule[] = [
  secretInEnv,
  secretInArgs,
  secretInConfigMap,
  secretValue,
  secretFromEnv,
  secretInFile,
  serviceAccountToken,
  serviceLinks,
  readOnlyRoot,
  readOnlyTmp,
  readOnlyRootImage,
  rootImage,
  namedUserImage,
  lowUserId,
  nodeSocket,
  sensitiveHostMount,
  writableHostMount,
];
