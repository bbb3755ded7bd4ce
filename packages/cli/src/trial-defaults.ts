/** How a trial is made where neither a flag nor the settings say it. */
export const trialDefaults = {
  ratePerSecond: 300,
  seed: 1,
  /** Without progress for this long, a rollout is stuck. */
  timeoutMs: 60_000,
  /** How late pods and routes are. */
  profile: "ingress-nginx",
} as const;
