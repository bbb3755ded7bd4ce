import type { Rule } from "../../rule.ts";
import { autoscalerTarget } from "./autoscaler-target/autoscaler-target.ts";
import { backendMissing } from "./backend-missing/backend-missing.ts";
import { backendPort } from "./backend-port/backend-port.ts";
import { monitorNotSelected } from "./monitor-not-selected/monitor-not-selected.ts";
import { monitorPort } from "./monitor-port/monitor-port.ts";
import { monitorSelectsNothing } from "./monitor-selects-nothing/monitor-selects-nothing.ts";
import { policySelectsNothing } from "./policy-selects-nothing/policy-selects-nothing.ts";
import { serviceMixesPods } from "./service-mixes-pods/service-mixes-pods.ts";
import { servicePortName } from "./service-port-name/service-port-name.ts";
import { servicePortNumber } from "./service-port-number/service-port-number.ts";
import { serviceSelectsNothing } from "./service-selects-nothing/service-selects-nothing.ts";

/** Rules about what objects say of each other: selectors, names and ports that lead nowhere. */
export const referencesRules: readonly Rule[] = [
  serviceSelectsNothing,
  serviceMixesPods,
  servicePortName,
  servicePortNumber,
  backendMissing,
  backendPort,
  autoscalerTarget,
  monitorSelectsNothing,
  monitorPort,
  monitorNotSelected,
  policySelectsNothing,
];
