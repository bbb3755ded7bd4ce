import type { FieldPath, PreStop } from "@seaworthy/kube";

/** Where in its container a preStop hook says how long it waits, or what it does. */
export function hookPath({ kind }: PreStop): FieldPath {
  const what = { sleep: ["sleep", "seconds"], exec: ["exec", "command"], httpGet: ["httpGet", "path"] }[kind];
  return ["lifecycle", "preStop", ...what];
}
