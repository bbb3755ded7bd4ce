import type { Rule } from "../rule.ts";

/** An ignore that has no reason or no rule. It is found where ignores are applied, and never by looking at objects. */
export const ignoreBroken: Rule = {
  id: "ignore-broken",
  severity: "warning",
  title: "an ignore without a reason, or of a rule that does not exist",
  why: "Whoever reads the manifest next cannot tell whether what is ignored is still right, so it is not ignored.",
  mend: "Write the rule's id, a colon and the reason: `# seaworthy-ignore no-drain: the sidecar drains`.",
  sources: [],
  profile: "default",
  check: () => [],
};

/** An ignore of which nothing is left to be ignored. */
export const ignoreUnused: Rule = {
  id: "ignore-unused",
  severity: "advice",
  title: "an ignore that ignores nothing",
  why: "What it was about is mended or has moved; left where it is, it would hide the next finding of its kind.",
  mend: "Remove it. An ignore in a comment is about its own line or the one below; one in an annotation about its object.",
  sources: [],
  profile: "default",
  check: () => [],
};

/** The rules about ignores. */
export const ignoreRules: readonly Rule[] = [ignoreBroken, ignoreUnused];
