import type { Rule } from "../../rule.ts";
import { cronBlocked } from "./cron-blocked/cron-blocked.ts";
import { cronDeadlineMissing } from "./cron-deadline-missing/cron-deadline-missing.ts";
import { cronDeadlineShort } from "./cron-deadline-short/cron-deadline-short.ts";
import { cronNever } from "./cron-never/cron-never.ts";
import { cronNoFailuresKept } from "./cron-no-failures-kept/cron-no-failures-kept.ts";
import { cronOverlap } from "./cron-overlap/cron-overlap.ts";
import { cronSuspended } from "./cron-suspended/cron-suspended.ts";
import { jobEndless } from "./job-endless/job-endless.ts";
import { jobRestartPolicy } from "./job-restart-policy/job-restart-policy.ts";
import { jobSidecarNeverEnds } from "./job-sidecar-never-ends/job-sidecar-never-ends.ts";
import { jobStays } from "./job-stays/job-stays.ts";

/** Rules about what runs to its end. */
export const jobsRules: readonly Rule[] = [
  cronOverlap,
  cronBlocked,
  cronNever,
  cronDeadlineShort,
  cronDeadlineMissing,
  cronSuspended,
  cronNoFailuresKept,
  jobSidecarNeverEnds,
  jobEndless,
  jobStays,
  jobRestartPolicy,
];
