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
import type { CommandContext, FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { readInput } from "../load/read-input.ts";
import { openLog } from "./open-log.ts";

/** What a service is asked, where somebody says what users ask, and what was left out of it. */
export interface Mix {
  readonly mix: readonly MixRequest[] | undefined;
  readonly notices: readonly Notice[];
}

/** What is known of a service, and where its requests are read from. */
export interface MixSource extends Pick<CommandContext, "cwd" | "stdin" | "signal"> {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly manifests: readonly Manifest[];
}

/** What users ask, by the flag that says it, or else by the settings. `--path` asks for one path instead. */
export async function readMix(flags: FlagValues, source: MixSource): Promise<Mix> {
  rejectTwo(flags, source.paths);
  const probePaths = probePathsOf(source.manifests.map(({ object }) => object));
  const found = await findMix(flags, source, probePaths);
  if (found !== undefined) return { mix: found.requests, notices: found.notices };
  const { requests } = source.settings.trial;
  const isIdle = requests === undefined || flags["path"] !== undefined;
  return { mix: isIdle ? undefined : withShares(requests), notices: [] };
}

/** What users ask by a recorded log or a description of the API. Undefined when no flag names one. */
export async function findMix(
  flags: FlagValues,
  source: Pick<MixSource, "cwd" | "stdin" | "signal">,
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
