import { availableParallelism, cpus } from "node:os";
import { sizePatch, sizeService, type SizeRequest, type TrialEvent } from "@seaworthy/trial";
import { readApp } from "../app/read-app.ts";
import type { CommandContext, CommandInput, FlagValues } from "../command.ts";
import { durationFlag, numberFlag, textFlag } from "../flag-values.ts";
import { marksFor } from "../output/marks.ts";
import { paintFor } from "../output/paint.ts";
import { permanentLine } from "../output/permanent-line.ts";
import { sizeText } from "../output/size-text.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { embeddedOptions } from "./embedded-options.ts";
import { keepCluster } from "./keep-cluster.ts";

/** `seaworthy size`: reads, measures, prints. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const paths = args.length === 0 ? ["."] : args;
  const request = await readRequest(flags, paths, context);
  return await keepCluster({}, context, async (takeOver) => {
    const result = await sizeService({ ...request, takeOver, onEvent: tellOn(context, flags) });
    const patch = sizePatch(result, request.manifests);
    const format = textFlag(flags, "output");
    if (format === "json") context.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    else if (format === "patch") context.stdout.write(patch);
    else context.stdout.write(sizeText(result, patch));
    return 0;
  });
}

async function readRequest(
  flags: FlagValues,
  paths: readonly string[],
  context: CommandContext,
): Promise<Omit<SizeRequest, "onEvent" | "takeOver">> {
  const numbers = readNumbers(flags);
  const { settings, ...app } = await readApp({ args: paths, flags }, context, { command: "size" });
  const options = embeddedOptions(flags, settings, { cwd: context.cwd, profile: "instant" });
  return {
    ...app,
    ...numbers,
    cluster: { kind: "embedded", options: { ...options, partProcessors: true } },
    deployment: textFlag(flags, "deployment"),
    namespace: textFlag(flags, "namespace"),
    machine: { cores: availableParallelism(), model: cpus()[0]?.model ?? "an unknown processor" },
    signal: context.signal,
  };
}

const hour = 3_600_000;

function readNumbers(flags: FlagValues) {
  return {
    rate: numberFlag(flags, "rate", { min: 1, max: 10_000_000, whole: false }),
    objective: { p99Ms: durationFlag(flags, "p99", 60_000) ?? 100 },
    growthPerMinute: (numberFlag(flags, "growth", { min: 0, max: 1_000, whole: false }) ?? 50) / 100,
    // Whole seconds, as they are counted.
    holdMs: (numberFlag(flags, "hold", { min: 3, max: 600 }) ?? 10) * 1000,
    mostRate: numberFlag(flags, "most", { min: 1, max: 100_000, whole: false }) ?? 20_000,
    seed: numberFlag(flags, "seed", { min: 0, max: 4_294_967_295 }) ?? trialDefaults.seed,
    timeoutMs: durationFlag(flags, "timeout", hour) ?? trialDefaults.timeoutMs,
  };
}

/** Each step as a line: stdout is for the result. */
function tellOn({ stderr, env }: CommandContext, flags: FlagValues): (event: TrialEvent) => void {
  const paint = paintFor(stderr);
  const marks = marksFor(env);
  return (event) => {
    const line = permanentLine(event, paint, marks, flags["verbose"] === true);
    if (line !== undefined) stderr.write(`${line}\n`);
  };
}
