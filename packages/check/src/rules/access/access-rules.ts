import type { Rule } from "../../rule.ts";
import { anonymousBinding } from "./anonymous-binding/anonymous-binding.ts";
import { clusterAdminBinding } from "./cluster-admin-binding/cluster-admin-binding.ts";
import { escalatingRole } from "./escalating-role/escalating-role.ts";
import { podCreatingRole } from "./pod-creating-role/pod-creating-role.ts";
import { podExecRole } from "./pod-exec-role/pod-exec-role.ts";
import { secretsRole } from "./secrets-role/secrets-role.ts";
import { wildcardRole } from "./wildcard-role/wildcard-role.ts";

/** Rules about who may do what by the API. */
export const accessRules: readonly Rule[] = [
  clusterAdminBinding,
  anonymousBinding,
  wildcardRole,
  secretsRole,
  podCreatingRole,
  podExecRole,
  escalatingRole,
];
