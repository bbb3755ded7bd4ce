import { dirname, resolve } from "node:path";
import {
  parseSettings,
  probePathsOf,
  readAccessLog,
  readOpenapi,
  sharesOf,
  type FoundMix,
  type MixRequest,
  type Settings,
} from "@seaworthy/app";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import type { TrialRequest } from "@seaworthy/trial";
import type { CommandContext, FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { readInput } from "../load/read-input.ts";
import { openLog } from "./open-log.ts";

/** What a service is asked, as far as somebody says it, and what was left out of that. */
export interface Asked extends Pick<TrialRequest, "host" | "path" | "mix"> {
  readonly notices: readonly Notice[];
}

/** What is known of a service, and where its requests are read from. */
export interface AskedSource extends Pick<CommandContext, "cwd" | "stdin" | "signal"> {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly manifests: readonly Manifest[];
}

/** What users ask, by the flags that say it, or else by the settings. `--path` asks for one path instead of a mix. */
export async function readAsked(flags: FlagValues, source: AskedSource): Promise<Asked> {
  rejectTwo(flags, source.paths);
  const probePaths = probePathsOf(source.manifests.map(({ object }) => object));
  const { trial } = source.settings;
  const found = await findMix(flags, source, probePaths);
  const isOnePath = trial.requests === undefined || flags["path"] !== undefined;
  return {
    host: textFlag(flags, "host") ?? trial.host,
    path: textFlag(flags, "path") ?? trial.path,
    mix: found?.requests ?? (isOnePath ? undefined : withShares(trial.requests)),
    notices: found?.notices ?? [],
  };
}

/** What users ask by a recorded log or a description of the API. Undefined when no flag names one. */
export async function findMix(
  flags: FlagValues,
  source: Pick<AskedSource, "cwd" | "stdin" | "signal">,
  probePaths: ReadonlySet<string> = new Set(),
): Promise<FoundMix | undefined> {
  const [log, api] = [textFlag(flags, "replay"), textFlag(flags, "openapi")];
  if (log !== undefined) {
    const file = log === "-" ? "stdin" : log;
    return await readAccessLog({ file, chunks: openLog(log, source), probePaths });
  }
  if (api === undefined) return undefined;
  const text = (await readInput(api, "openapi", source.cwd)).toString("utf8");
  return readOpenapi({ file: api, text, probePaths });
}

/** What users ask by `trial.requests` of a settings file. Throws SW1003 and SW1110, and what is wrong in it with the place. */
export async function readMixFile(file: string, cwd: string): Promise<readonly MixRequest[]> {
  const text = (await readInput(file, "mix", cwd)).toString("utf8");
  const { requests } = parseSettings(text, file, dirname(resolve(cwd, file))).trial;
  if (requests !== undefined) return withShares(requests);
  throw new SeaworthyError("SW1110", `${file} has no trial.requests`, {
    field: "trial.requests",
    next: ["write `trial: { requests: [{ path: /orders }] }`, as in a seaworthy.yaml"],
  });
}

function withShares(requests: readonly MixRequest[]): MixRequest[] {
  const weights = sharesOf(requests.map(({ weight }) => weight));
  return requests.map((request, index) => ({ ...request, weight: weights[index]! }));
}

function rejectTwo(flags: FlagValues, paths: readonly string[]): void {
  const [first, second] = ["path", "replay", "openapi"].filter((name) => flags[name] !== undefined);
  if (second !== undefined)
    throw new SeaworthyError("SW1002", `--${first} and --${second} exclude each other`, {
      field: `--${second}`,
      why: "both say what is asked",
      next: [`leave out --${first} or --${second}`],
    });
  if (flags["replay"] === "-" && paths.includes("-"))
    throw new SeaworthyError("SW1002", "manifests and log cannot both come from stdin", {
      field: "--replay",
      next: ["write one of them into a file"],
    });
}
