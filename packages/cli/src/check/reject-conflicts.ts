import { SeaworthyError } from "@seaworthy/errors";
import type { CommandInput, FlagValues } from "../command.ts";
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
  if (flags["prove"] === true) rejectWithProve({ args, flags }, isLive ? cluster : undefined);
  if (flags["allow-host"] === true && flags["prove"] !== true)
    throw refusal("--allow-host", "--allow-host is about what is run, and nothing is", [
      "--prove --allow-host",
    ]);
  if (flags["watch"] === true) rejectWithWatch({ args, flags }, isLive ? cluster : undefined);
  if (flags["dry-run"] === true) rejectWithDryRun(flags);
}

function rejectWithDryRun(flags: FlagValues): void {
  const [other] = others({ args: [], flags }, undefined, { outputs: ["text"], flags: ["write-baseline"] });
  if (other !== undefined)
    throw refusal(
      "--dry-run",
      `--dry-run prints a diff and writes nothing, which does not go with ${other}`,
      ["leave one of them out"],
    );
}

function rejectWithWatch(input: CommandInput, cluster: string | undefined): void {
  const [other] = others(input, cluster, { outputs: ["text"], flags: ["fix", "write-baseline"] });
  if (other !== undefined)
    throw refusal("--watch", `--watch looks at files again and again, which does not go with ${other}`, [
      "leave one of them out",
    ]);
}

function rejectWithProve(input: CommandInput, cluster: string | undefined): void {
  const outputs = ["text", "json", "github"];
  const [other] = others(input, cluster, { outputs, flags: ["fix", "write-baseline", "watch"] });
  if (other !== undefined)
    throw refusal(
      "--prove",
      `--prove tries files as they are and as fixed, which does not go with ${other}`,
      ["leave one of them out"],
    );
}

/** What else was asked for, of that which means nothing beside a flag that wants files and prints to be read. */
function others(
  { args, flags }: CommandInput,
  cluster: string | undefined,
  { outputs, flags: without }: { readonly outputs: readonly string[]; readonly flags: readonly string[] },
): string[] {
  const output = textFlag(flags, "output") ?? "text";
  return [
    cluster,
    args.includes("-") ? "-" : undefined,
    outputs.includes(output) ? undefined : `--output ${output}`,
    ...without.map((flag) => (flags[flag] === true ? `--${flag}` : undefined)),
  ].filter((each) => each !== undefined);
}

function refusal(field: string, message: string, next: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1002", message, { field, next });
}
