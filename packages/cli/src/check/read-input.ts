import { readSets, type ReadSets } from "@seaworthy/app";
import { formatNotice, SeaworthyError } from "@seaworthy/errors";
import type { CommandContext, FlagValues } from "../command.ts";
import { namesCluster } from "../flag-values.ts";
import { manifestOptions } from "../manifests/manifest-options.ts";

/** What is checked: what lies behind paths, or what a cluster has. */
export interface CheckInput extends ReadSets {
  /** What a cluster is called for people, and the version that it has. */
  readonly cluster?: { readonly name: string; readonly kubernetes: string };
}

/** Reads what is checked. A cluster is read when a flag names one; what talks to it is loaded then only. */
export async function readInput(
  paths: readonly string[],
  flags: FlagValues,
  context: CommandContext,
): Promise<CheckInput> {
  const input: CheckInput = namesCluster(flags)
    ? await (await import("./read-live.ts")).readLive(flags)
    : await readSets(paths, manifestOptions(context, "check"));
  if (isNothing(input)) throw nothingToCheck(paths, input);
  return input;
}

/** How many objects are looked at for themselves. */
export function countObjects({ sets }: ReadSets): number {
  return sets.reduce((sum, { manifests, judges = () => true }) => sum + manifests.filter(judges).length, 0);
}

function isNothing(input: ReadSets): boolean {
  return input.problems.length + input.failures.length === 0 && countObjects(input) === 0;
}

function nothingToCheck(paths: readonly string[], { cluster, notices }: CheckInput): SeaworthyError {
  if (cluster === undefined)
    return new SeaworthyError("SW1004", `no Kubernetes object in ${paths.join(", ")}`, {
      next: ["give the file or folder with your Kubernetes manifests: seaworthy check k8s/"],
    });
  return new SeaworthyError("SW1004", `no object to look at in ${cluster.name}`, {
    why: "there is none, or you may not list any; the cluster's own are looked at when their namespace is named",
    seen: notices.map((notice) => formatNotice(notice, { all: false })),
    next: ["kubectl get namespaces", "kubectl auth can-i --list"],
  });
}
