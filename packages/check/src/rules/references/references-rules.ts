import type { Rule } from "../../rule.ts";
import { autoscalerTarget } from "./autoscaler-target/autoscaler-target.ts";
import { backendMissing } from "./backend-missing/backend-missing.ts";
import { backendPort } from "./backend-port/backend-port.ts";
import { bindingMissing } from "./binding-missing/binding-missing.ts";
import { chartLabel } from "./chart-label/chart-label.ts";
import { configSubpath } from "./config-subpath/config-subpath.ts";
import { defaultServiceAccount } from "./default-service-account/default-service-account.ts";
import { duplicateEnv } from "./duplicate-env/duplicate-env.ts";
import { duplicateObject } from "./duplicate-object/duplicate-object.ts";
import { duplicatePort } from "./duplicate-port/duplicate-port.ts";
import { keptElsewhere } from "./kept-elsewhere/kept-elsewhere.ts";
import { missingClaim } from "./missing-claim/missing-claim.ts";
import { missingConfig } from "./missing-config/missing-config.ts";
import { missingKey } from "./missing-key/missing-key.ts";
import { missingServiceAccount } from "./missing-service-account/missing-service-account.ts";
import { monitorNotSelected } from "./monitor-not-selected/monitor-not-selected.ts";
import { monitorPort } from "./monitor-port/monitor-port.ts";
import { monitorSelectsNothing } from "./monitor-selects-nothing/monitor-selects-nothing.ts";
import { mountShadows } from "./mount-shadows/mount-shadows.ts";
import { mountWithoutVolume } from "./mount-without-volume/mount-without-volume.ts";
import { oldServiceAccountField } from "./old-service-account-field/old-service-account-field.ts";
import { policySelectsNothing } from "./policy-selects-nothing/policy-selects-nothing.ts";
import { selectorMismatch } from "./selector-mismatch/selector-mismatch.ts";
import { selectorVersion } from "./selector-version/selector-version.ts";
import { serviceMixesPods } from "./service-mixes-pods/service-mixes-pods.ts";
import { servicePortName } from "./service-port-name/service-port-name.ts";
import { servicePortNumber } from "./service-port-number/service-port-number.ts";
import { serviceSelectsNothing } from "./service-selects-nothing/service-selects-nothing.ts";
import { statefulService } from "./stateful-service/stateful-service.ts";
import { storageClassMissing } from "./storage-class-missing/storage-class-missing.ts";
import { unusedVolume } from "./unused-volume/unused-volume.ts";

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
  missingConfig,
  missingKey,
  missingServiceAccount,
  missingClaim,
  keptElsewhere,
  mountWithoutVolume,
  unusedVolume,
  duplicateEnv,
  duplicatePort,
  duplicateObject,
  selectorMismatch,
  statefulService,
  storageClassMissing,
  configSubpath,
  mountShadows,
  selectorVersion,
  chartLabel,
  oldServiceAccountField,
  defaultServiceAccount,
  bindingMissing,
];
