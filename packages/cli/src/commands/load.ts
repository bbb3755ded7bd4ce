import { appendFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, formatNotice, SeaworthyError, type Notice } from "@seaworthy/errors";
import {
  brokenStreams,
  failuresCsv,
  formatSummary,
  fortioJson,
  htmlPage,
  loadReportAsData,
  startLoad,
  streamLine,
  type LoadPlan,
  type LoadReport,
} from "@seaworthy/load";
import type { CommandContext, CommandInput, FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { askForPublicLoad } from "../load/ask-for-public-load.ts";
import { readLoadPlan } from "../load/read-load-plan.ts";
import { createLoadView } from "../load/load-view.ts";
import { paintFor } from "../output/paint.ts";
import { errorAsData } from "../print-error.ts";
import { version } from "../version.ts";

/** `seaworthy load`: reads a plan, runs it, prints what came of it. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const paint = paintFor(context.stderr);
  const onNotice = (notice: Notice) =>
    context.stderr.write(`${paint("yellow", `! ${formatNotice(notice, { all: true })}`)}\n`);
  const plan = await readLoadPlan(args, flags, { ...context, onNotice });
  await askForPublicLoad(plan, flags["yes"] === true);
  // A long run should not end with a path that cannot be written; what is there stays until there is something better.
  await eachFile(flags, context.cwd, (_, file) => appendFile(file, ""));
  const report = await runPlan(plan, context);
  const reason = reasonOf(report);
  const json = () =>
    asText({ ...loadReportAsData(report, plan), ...(reason && { error: errorAsData(reason) }) });
  const output = textFlag(flags, "output") ?? "text";
  const summaryTo = output === "text" ? context.stdout : context.stderr;
  if (output === "json") context.stdout.write(json());
  if (output === "fortio") context.stdout.write(asText(fortioJson(report, plan, version)));
  summaryTo.write(formatSummary(report, plan, paintFor(summaryTo)));
  const contents = {
    html: () => htmlPage(report, plan),
    failures: () => failuresCsv(report, plan),
    save: json,
  };
  await eachFile(flags, context.cwd, (kind, file) => writeFile(file, contents[kind]()));
  return reason === undefined ? 0 : exitCodes[reason.fault];
}

function asText(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** The first Ctrl-C ends the schedule; what is in flight still gets its answer, and there is a report. */
async function runPlan(plan: LoadPlan, context: CommandContext): Promise<LoadReport> {
  const view = createLoadView(plan, context);
  const starting = new AbortController();
  const giveUp = () => starting.abort(context.signal.reason);
  context.signal.addEventListener("abort", giveUp, { once: true });
  try {
    context.signal.throwIfAborted();
    await using run = await startLoad(plan, { signal: starting.signal });
    context.signal.removeEventListener("abort", giveUp);
    const stop = () => void run.stop().catch(() => undefined);
    if (context.signal.aborted) stop();
    context.signal.addEventListener("abort", stop, { once: true });
    run.onProgress((progress) => view.onProgress(progress));
    return await run.report;
  } finally {
    view.end();
  }
}

/** Why the answer is not yes, as an error whose fault gives the exit code. */
function reasonOf(report: LoadReport): SeaworthyError | undefined {
  const { failed, ok, generator, streams } = report;
  if (!generator.valid)
    return new SeaworthyError("SW6001", generator.why ?? "the run proves nothing", {
      next: ["run it again when the machine is idle, with a lower --rate or more --workers"],
    });
  if (failed === 0 && brokenStreams(report) === 0) return undefined;
  const requests = failed === 0 ? [] : [`${failed} of ${ok + failed} requests failed`];
  const line = brokenStreams(report) === 0 ? undefined : streamLine(streams);
  return new SeaworthyError("SW6002", [...requests, ...(line === undefined ? [] : [line])].join("; "), {
    next: [failed === 0 ? "see each end of a stream: --save FILE" : "see each of them: --failures FILE"],
  });
}

const fileFlags = ["html", "failures", "save"] as const;

/** Does something with each file that was asked for. Throws SW1003 when it cannot be written. */
async function eachFile(
  flags: FlagValues,
  cwd: string,
  act: (kind: (typeof fileFlags)[number], file: string) => Promise<void>,
): Promise<void> {
  for (const kind of fileFlags) {
    const file = textFlag(flags, kind);
    if (file === undefined) continue;
    await act(kind, resolve(cwd, file)).catch((cause: Error) => {
      throw new SeaworthyError("SW1003", `${file} cannot be written: ${cause.message}`, {
        field: `--${kind}`,
        next: [`name another file: --${kind} FILE`],
        cause,
      });
    });
  }
}
