import type { FlagDefinition } from "../command.ts";

/** The flags of `seaworthy check`. */
export const checkFlags: Readonly<Record<string, FlagDefinition>> = {
  profile: {
    type: "string",
    value: "NAME",
    text: "rules (default: default)",
    choices: [
      "default",
      "strict",
      "pss-baseline",
      "pss-restricted",
      "kube-score",
      "kube-linter",
      "polaris",
      "none",
    ],
  },
  rule: {
    type: "string",
    multiple: true,
    value: "ID=LEVEL",
    text: "one rule: off, on, error, warning or advice (repeatable)",
  },
  kubernetes: { type: "string", value: "VERSION", text: "the version that it is meant for: 1.33" },
  "fail-on": {
    type: "string",
    value: "LEVEL",
    text: "which findings make the exit code 1 (default warning)",
    choices: ["error", "warning", "advice"],
  },
  kubeconfig: { type: "string", value: "FILE", text: "look at a cluster in place of files" },
  context: { type: "string", value: "NAME", text: "which context of the kubeconfig" },
  namespace: {
    type: "string",
    short: "n",
    value: "NAME",
    text: "only this namespace of the cluster (default: all but the cluster's own)",
  },
  watch: { type: "boolean", text: "check again when a file changes, until Ctrl-C" },
  baseline: { type: "string", value: "FILE", text: "old findings, which are not told again" },
  "write-baseline": { type: "boolean", text: "write what is found now into that file" },
  fix: { type: "boolean", text: "write the safe fixes into the files" },
  unsafe: { type: "boolean", text: "with --fix: also those that may change what an app does" },
  "dry-run": { type: "boolean", text: "with --fix: print what would change, and write nothing" },
  prove: {
    type: "boolean",
    text: "try findings that lose requests: a rollout under load as it is, and one as fixed",
  },
  "allow-host": {
    type: "boolean",
    text: "with --prove: let pods use hostPath, hostNetwork and the like on this machine",
  },
  output: {
    type: "string",
    value: "FORMAT",
    text: "for people, or for a program",
    choices: ["text", "json", "sarif", "junit", "github"],
  },
  "list-rules": { type: "boolean", text: "all rules, and the profiles that they are in" },
  explain: { type: "string", value: "RULE", text: "the page about a rule, with examples" },
  verbose: { type: "boolean", text: "all names in a notice, not only the first few" },
};
