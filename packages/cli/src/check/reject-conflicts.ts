import { SeaworthyError } from "@seaworthy/errors";
import type { CommandInput } from "../command.ts";
import { namesCluster, textFlag } from "../flag-values.ts";

/** Refuses flags of `seaworthy check` that mean nothing together. */
export function rejectConflicts({ args, flags }: CommandInput): void {
  const isLive = namesCluster(flags);
  const cluster = flags["kubeconfig"] === undefined ? "--context" : "--kubeconfig";
  if (isLive && args.length > 0)
    throw refusal(cluster, `${cluster} looks at a cluster, and ${args.join(" ")} at files`, [
      "leave one of them out; what is in files is compared with nothing in the cluster",
    ]);
  if (isLive && flags["fix"] === true)
    throw refusal("--fix", "--fix writes into files, and nothing into a cluster", [
      "mend the manifests that its objects were made of: seaworthy check k8s/ --fix",
    ]);
  if (!isLive && textFlag(flags, "namespace") !== undefined)
    throw refusal("--namespace", "--namespace chooses in a cluster, and none is named", [
      "--kubeconfig FILE, or --context NAME",
    ]);
  if (flags["watch"] === true) rejectWithWatch({ args, flags }, isLive ? cluster : undefined);
}

function rejectWithWatch({ args, flags }: CommandInput, cluster: string | undefined): void {
  const output = textFlag(flags, "output") ?? "text";
  const others = [
    cluster,
    args.includes("-") ? "-" : undefined,
    output === "text" ? undefined : `--output ${output}`,
    ...["fix", "write-baseline"].map((flag) => (flags[flag] === true ? `--${flag}` : undefined)),
  ].filter((each) => each !== undefined);
  if (others.length > 0)
    throw refusal("--watch", `--watch looks at files again and again, which does not go with ${others[0]}`, [
      "leave one of them out",
    ]);
}

function refusal(field: string, message: string, next: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1002", message, { field, next });
}
