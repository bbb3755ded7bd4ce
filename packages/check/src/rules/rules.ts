import type { Rule } from "../rule.ts";
import { accessRules } from "./access/access-rules.ts";
import { autoscalingRules } from "./autoscaling/autoscaling-rules.ts";
import { availabilityRules } from "./availability/availability-rules.ts";
import { exposureRules } from "./exposure/exposure-rules.ts";
import { imagesRules } from "./images/images-rules.ts";
import { jobsRules } from "./jobs/jobs-rules.ts";
import { networkRules } from "./network/network-rules.ts";
import { podSecurityRules } from "./pod-security/pod-security-rules.ts";
import { probesRules } from "./probes/probes-rules.ts";
import { referencesRules } from "./references/references-rules.ts";
import { resourcesRules } from "./resources/resources-rules.ts";
import { rolloutsRules } from "./rollouts/rollouts-rules.ts";
import { schemaRules } from "./schema/schema-rules.ts";
import { securityRules } from "./security/security-rules.ts";
import { shutdownRules } from "./shutdown/shutdown-rules.ts";

/** Every rule, in the order in which pages list them. */
export const rules: readonly Rule[] = [
  ...schemaRules,
  ...referencesRules,
  ...networkRules,
  ...shutdownRules,
  ...probesRules,
  ...rolloutsRules,
  ...availabilityRules,
  ...autoscalingRules,
  ...jobsRules,
  ...imagesRules,
  ...resourcesRules,
  ...podSecurityRules,
  ...securityRules,
  ...accessRules,
  ...exposureRules,
];
