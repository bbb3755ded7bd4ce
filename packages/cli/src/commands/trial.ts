import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, SeaworthyError } from "@seaworthy/errors";
import type { Settings, SourcedManifests } from "@seaworthy/app";
import { reportPage, savedRun, summaryMarkdown } from "@seaworthy/dashboard";
import {
  lostOf,
  runTrial,
  scenarioNames,
  type ClusterChoice,
  type ScenarioName,
  type TrialRequest,
  type TrialRun,
} from "@seaworthy/trial";
import { readApp } from "../app/read-app.ts";
import { writeFixes } from "../check/write-fixes.ts";
import type { CommandContext, CommandInput, FlagValues } from "../command.ts";
import { durationFlag, listFlag, namesCluster, numberFlag, shareOf, textFlag } from "../flag-values.ts";
import { createTrialView } from "../output/trial-view.ts";
import { formatVerdict } from "../output/verdict-text.ts";
import { pageBeside, reportFile, writeReport } from "../trial/write-report.ts";
import { paintFor } from "../output/paint.ts";
import { errorAsData, formatError } from "../print-error.ts";
import { formatCommand } from "../format-command.ts";
import { errorsAsData, reportError } from "../report-error.ts";
import { computeFields, withFields } from "../trial/compute-fields.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { embeddedOptions } from "./embedded-options.ts";
import { keepCluster, type StartedCluster } from "./keep-cluster.ts";

/** `seaworthy trial`: reads, runs, prints. */
export async function run(input: CommandInput, context: CommandContext): Promise<number> {
  return await keepCluster(input.flags, context, (takeOver) => tryOut(input, context, takeOver));
}

async function tryOut(
  input: CommandInput,
  context: CommandContext,
  takeOver: (cluster: StartedCluster) => void,
): Promise<number> {
  const { flags } = input;
  const paths = input.args.length === 0 ? ["."] : input.args;
  const isReal = namesCluster(flags);
  const request = await readRequest(flags, paths, isReal, context);
  const report = reportFile(textFlag(flags, "report") ?? "seaworthy-report.json");
  const format = textFlag(flags, "output");
  const isSuggesting = flags["suggest"] === true;
  const isData = format === "json" || format === "markdown" || isSuggesting;

  const view = createTrialView(context, flags["verbose"] === true);
  let result: TrialRun;
  try {
    result = await runTrial({ ...request, takeOver, onEvent: view.onEvent });
  } catch (error) {
    await reportFailure(resolve(context.cwd, report), error);
    throw error;
  } finally {
    view.end();
  }
  const reason = reasonOf(result);
  const again = formatCommand("trial", paths, {
    ...flags,
    seed: String(request.seed),
    output: undefined,
    report: undefined,
    "no-page": undefined,
    suggest: undefined,
    fix: undefined,
  });
  const page = flags["no-page"] === true ? undefined : pageBeside(report);
  const saved = savedRun(result, {
    again,
    ...(result.problem === undefined ? {} : { error: errorAsData(result.problem) }),
  });
  await writeReport(resolve(context.cwd, report), `${JSON.stringify(saved, undefined, 2)}\n`);
  if (page !== undefined) await writeReport(resolve(context.cwd, page), reportPage(saved));
  if (format === "json")
    context.stdout.write(`${JSON.stringify(verdictAsData(result, reason), undefined, 2)}\n`);
  if (format === "markdown") context.stdout.write(summaryMarkdown(saved));
  const problem = reason?.code === "SW6005" ? reason : result.problem;
  if (problem !== undefined) context.stderr.write(formatError(problem, paintFor(context.stderr)));
  const text = formatVerdict(result.verdict, {
    paint: paintFor(isData ? context.stderr : context.stdout),
    report: page ?? report,
    again,
  });
  (isData ? context.stderr : context.stdout).write(text);
  const failed = await tellFields(result, request, flags, context);
  if (failed !== undefined) return failed;
  return reason === undefined ? 0 : exitCodes[reason.fault];
}

/** Prints and writes the computed fields where a flag asks for them. Gives the exit code when a file could not be written. */
async function tellFields(
  result: TrialRun,
  request: SourcedManifests,
  flags: FlagValues,
  context: CommandContext,
): Promise<number | undefined> {
  const [suggests, fixes] = [flags["suggest"] === true, flags["fix"] === true];
  if (!suggests && !fixes) return undefined;
  const { text, edits } = computeFields(result, request.manifests);
  (suggests ? context.stdout : context.stderr).write(text);
  if (!fixes) return undefined;
  const files = withFields(request, edits);
  const failures = await writeFixes(files);
  for (const { source } of failures.length === 0 ? files : [])
    context.stderr.write(`  ${source.name} is written\n`);
  return failures.length === 0 ? undefined : reportError(new AggregateError(failures), false, context);
}

/** The JSON of a verdict, with the reason beside it when the answer is not yes. */
function verdictAsData({ verdict }: TrialRun, reason: SeaworthyError | undefined): unknown {
  return reason === undefined ? verdict : { ...verdict, error: errorAsData(reason) };
}

/** Why the answer is not yes, as an error whose fault gives the exit code. */
function reasonOf({ verdict, problem }: TrialRun): SeaworthyError | undefined {
  const { scheduled } = verdict.requests;
  const lost = lostOf(verdict);
  switch (verdict.verdict) {
    case "seaworthy":
      return undefined;
    case "leaking":
      return lost > 0
        ? new SeaworthyError("SW6002", `${lost} of ${scheduled} requests were lost`, {
            next: verdict.causes.map((cause) => cause.advice.text),
          })
        : new SeaworthyError("SW6004", verdict.why ?? "pods do not end well", {
            next: verdict.findings.flatMap(({ denies, advice }) => (denies ? [advice.text] : [])),
          });
    case "unproven":
      return new SeaworthyError("SW6003", verdict.why ?? "too few pods ended", {
        next: ["run it with as many rounds"],
      });
    case "invalid":
      if (problem?.fault === "proof") return problem;
      if (problem !== undefined) return new SeaworthyError("SW6005", problem.message, problem.details);
      return new SeaworthyError("SW6001", verdict.why ?? "the run proves nothing", {
        next: ["run it again when the machine is idle, or with a lower --rate"],
      });
  }
}

async function readRequest(
  flags: FlagValues,
  paths: readonly string[],
  isReal: boolean,
  context: CommandContext,
): Promise<Omit<TrialRequest, "onEvent" | "takeOver"> & SourcedManifests> {
  const numbers = readNumbers(flags);
  const badImage = badImageFrom(flags);
  rejectLoneUrl(flags, isReal);
  rejectLoneEdge(flags, isReal);
  rejectTwoOutputs(flags);
  const real = isReal ? kubeconfigChoice(flags) : undefined;
  const { settings, ...app } = await readApp({ args: paths, flags }, context, { command: "trial" });
  rejectFixOfNoFile(flags, app);
  const cluster: ClusterChoice = real ?? {
    kind: "embedded",
    options: embeddedOptions(flags, settings, { cwd: context.cwd, profile: trialDefaults.profile }),
  };
  return {
    ...app,
    cluster,
    namespace: textFlag(flags, "namespace"),
    streams: settings.trial.streams,
    badImage,
    ratePerSecond: numbers.rate ?? settings.trial.rate ?? trialDefaults.ratePerSecond,
    ...scenariosFrom(flags, settings.trial, app.next !== undefined),
    ...effortFrom(flags, numbers.rounds, settings.trial),
    measuresTimes: flags["suggest"] === true || flags["fix"] === true,
    seed: numbers.seed ?? trialDefaults.seed,
    timeoutMs: numbers.timeoutMs ?? trialDefaults.timeoutMs,
    sourceAddresses: listFlag(flags, "source-address")
      .flatMap((text) => text.split(","))
      .filter((text) => text !== ""),
    keep: flags["keep"] === true,
    signal: context.signal,
  };
}

/**
 * The scenarios that were chosen, in the order in which they make sense. Where nobody chose any, nor how often, it is what the
 * service lives through in two minutes; on a cluster that is somebody's, only the rollout, for nobody asked to drain its nodes.
 */
function scenariosFrom(
  flags: FlagValues,
  set: Settings["trial"],
  hasNext: boolean,
): Pick<TrialRequest, "scenarios" | "withinMs"> {
  const asked = listFlag(flags, "scenario").flatMap((text) => text.split(","));
  if (asked.length > 0) return { scenarios: named(asked, "--scenario", hasNext) };
  if (hasNext) return { scenarios: ["release"] };
  if (set.scenarios !== undefined) return { scenarios: named(set.scenarios, "trial.scenarios", hasNext) };
  const isMeasured = ["rounds", "confidence"].some((name) => flags[name] !== undefined);
  if (isMeasured || set.rounds !== undefined || set.confidence !== undefined || namesCluster(flags))
    return { scenarios: ["rollout"] };
  return {
    scenarios: scenarioNames.filter((name) => !neverByItself.has(name)),
    withinMs: 120_000,
  };
}

/**
 * What nobody tries who did not ask: it ends no pod, needs what only a user has, makes the machine busy, or its losses are mostly
 * another team's.
 */
const neverByItself: ReadonlySet<ScenarioName> = new Set(["soak", "release", "hpa", "edge-restart"]);

function named(names: readonly string[], field: string, hasNext: boolean): ScenarioName[] {
  const unknown = names.find(
    (name) => name !== "all" && !(scenarioNames as readonly string[]).includes(name),
  );
  if (unknown !== undefined) {
    throw new SeaworthyError("SW1002", `there is no scenario ${unknown}`, {
      field,
      next: [`write some of ${scenarioNames.join(", ")}, or all`],
    });
  }
  if (!hasNext && names.includes("release")) {
    throw new SeaworthyError("SW1002", "the scenario release needs the manifests of the next version", {
      field: "--to",
      next: ["seaworthy trial old/ --to new/"],
    });
  }
  const all = scenarioNames.filter((name) => hasNext || name !== "release");
  return all.filter((name) => names.includes("all") || names.includes(name));
}

function badImageFrom(flags: FlagValues): string | undefined {
  const image = textFlag(flags, "bad-image");
  if (image === undefined || /^[\w.:/@-]+$/.test(image)) return image;
  throw new SeaworthyError("SW1002", `--bad-image ${JSON.stringify(image)} names no image`, {
    field: "--bad-image",
    next: ["name an image as a manifest does: --bad-image registry.example/shop:broken"],
  });
}

/** How much is tried: by a number of rounds, or by what is to be shown. A flag goes before the settings of either. */
function effortFrom(
  flags: FlagValues,
  rounds: number | undefined,
  set: Settings["trial"],
): Pick<TrialRequest, "rounds" | "confidence"> {
  const asked = textFlag(flags, "confidence");
  if (asked !== undefined && rounds !== undefined) throw twoEfforts("--confidence");
  if (rounds !== undefined) return { rounds };
  if (asked !== undefined) return { confidence: shareOf(asked, { field: "--confidence", ...shares }) };
  const { rounds: setRounds, confidence } = set;
  if (setRounds !== undefined && confidence !== undefined) throw twoEfforts("trial.confidence");
  return confidence === undefined
    ? { rounds: setRounds }
    : { confidence: shareOf(confidence, { field: "trial.confidence", ...shares }) };
}

/** In percent: from 3,000 pod ends to the fewest that say anything. */
const shares = { min: 0.1, max: 50 };

function twoEfforts(field: string): SeaworthyError {
  return new SeaworthyError("SW1002", `${field} and a number of rounds cannot both say how long it takes`, {
    field,
    next: ["leave one of them out"],
  });
}

function readNumbers(flags: FlagValues) {
  return {
    rate: numberFlag(flags, "rate", { min: 1, max: 100_000, whole: false }),
    rounds: numberFlag(flags, "rounds", { min: 1, max: 1_000 }),
    seed: numberFlag(flags, "seed", { min: 0, max: 4_294_967_295 }),
    timeoutMs: durationFlag(flags, "timeout"),
  };
}

function kubeconfigChoice(flags: FlagValues): ClusterChoice {
  const urls = listFlag(flags, "url");
  if (urls.length === 0) {
    throw new SeaworthyError("SW1002", "a trial on a real cluster needs --url", {
      field: "--url",
      why: "only you know at which address the cluster's edge, or a ClusterIP, is reachable from here",
      next: [
        "--url http://ADDRESS:PORT of the Ingress, and --host when the rule names a host",
        "give --url again for a ClusterIP, where it is reachable",
      ],
    });
  }
  return {
    kind: "kubeconfig",
    file: textFlag(flags, "kubeconfig"),
    context: textFlag(flags, "context"),
    edge: edgeFrom(flags),
    urls,
  };
}

function edgeFrom(flags: FlagValues): { readonly namespace: string; readonly name: string } | undefined {
  const text = textFlag(flags, "edge");
  if (text === undefined) return undefined;
  const [, namespace, name] = /^([a-z0-9][-a-z0-9]*)\/([a-z0-9][-a-z0-9.]*)$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name };
  throw new SeaworthyError("SW1002", `--edge ${JSON.stringify(text)} names no workload`, {
    field: "--edge",
    next: ["write its namespace and its name: --edge ingress-nginx/ingress-nginx-controller"],
  });
}

function rejectLoneEdge(flags: FlagValues, isReal: boolean): void {
  if (isReal || textFlag(flags, "edge") === undefined) return;
  throw new SeaworthyError("SW1002", "--edge goes with --kubeconfig or --context", {
    field: "--edge",
    next: ["leave --edge out: the embedded cluster restarts its own, as that of --profile ends"],
  });
}

function rejectLoneUrl(flags: FlagValues, isReal: boolean): void {
  if (isReal || listFlag(flags, "url").length === 0) return;
  throw new SeaworthyError("SW1002", "--url goes with --kubeconfig or --context", {
    field: "--url",
    next: [
      "leave --url out: the embedded cluster's addresses are known",
      "or name the cluster: --kubeconfig FILE",
    ],
  });
}

function rejectTwoOutputs(flags: FlagValues): void {
  const format = textFlag(flags, "output") ?? "text";
  if (flags["suggest"] !== true || format === "text") return;
  throw new SeaworthyError("SW1002", `--suggest cannot go with --output ${format}`, {
    field: "--suggest",
    why: "both want stdout for themselves",
    next: ["leave out --output: the report file has the verdict as data", "or leave out --suggest"],
  });
}

function rejectFixOfNoFile(flags: FlagValues, { sources }: SourcedManifests): void {
  if (flags["fix"] !== true || sources.some(({ path }) => path !== undefined)) return;
  throw new SeaworthyError("SW1002", "--fix has no file to write into", {
    field: "--fix",
    why: `the manifests are from ${sources.map(({ name }) => name).join(", ")}`,
    next: ["print the fields as a patch instead: --suggest"],
  });
}

/** An app that never gets ready has no verdict, but what was seen of its pods belongs into the report. */
async function reportFailure(file: string, error: unknown): Promise<void> {
  if (!(error instanceof SeaworthyError) || error.fault !== "answer") return;
  // The error itself is told in any case.
  await writeFile(file, `${JSON.stringify(errorsAsData(error), undefined, 2)}\n`).catch(() => undefined);
}
