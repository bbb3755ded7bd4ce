import { SeaworthyError } from "@seaworthy/errors";
import type { LoadReport } from "@seaworthy/load";
import { verdictSchema, type Timeline, type TrialRun, type Verdict } from "@seaworthy/trial";
import { packAnswers, type AnswerColumns, type PackedAnswers } from "./answer-columns.ts";

/** When a lost request was due, sent and over, in milliseconds; it stands at the same place as the failure of the verdict. */
export interface LossTimes {
  readonly dueAt: number;
  readonly sentAfterMs: number;
  readonly doneAfterMs: number;
  readonly reusedConnection: boolean;
}

/** `seaworthy-report.json`: the verdict, and all that a page or a comparison is made from. Fields may be added, none is removed. */
export interface SavedRun extends Verdict {
  /** The command line that runs the same trial again. */
  readonly again?: string;
  readonly error?: unknown;
  readonly timeline: Timeline;
  readonly journals: TrialRun["journals"];
  /** Absent in older files. */
  readonly seenEndpoints?: TrialRun["seenEndpoints"];
  /** Absent in older files. */
  readonly heldStreams?: TrialRun["heldStreams"];
  /** The load of each scenario. */
  readonly loads: readonly Pick<LoadReport, "startedAt" | "endedAt" | "answeredBy">[];
  /** All of them together, as one run. */
  readonly load: {
    readonly startedAt: number;
    readonly endedAt: number;
    readonly losses?: readonly LossTimes[];
    readonly answers?: PackedAnswers;
  };
}

/** A run as it is saved. */
export function savedRun(
  { verdict, timeline, journals, seenEndpoints, heldStreams, reports }: Omit<TrialRun, "problem" | "times">,
  told: { readonly again: string; readonly error?: unknown },
): SavedRun {
  return {
    ...verdict,
    ...told,
    timeline,
    journals,
    seenEndpoints,
    ...(heldStreams.length === 0 ? {} : { heldStreams }),
    loads: reports.map(({ startedAt, endedAt, answeredBy }) => ({ startedAt, endedAt, answeredBy })),
    load: {
      startedAt: reports[0]?.startedAt ?? 0,
      endedAt: Math.max(0, ...reports.map(({ endedAt }) => endedAt)),
      losses: reports.flatMap(({ failures }) => failures.map((failure) => lossTimes(failure))),
      answers: packAnswers(allAnswers(reports)),
    },
  };
}

/** The answers of all loads, with their times from the first one's start. */
function allAnswers(reports: TrialRun["reports"]): AnswerColumns {
  const names = [...new Set(reports.flatMap(({ answers }) => answers.names))].slice(0, 255);
  const from = reports[0]?.startedAt ?? 0;
  return {
    names,
    dueMs: reports.flatMap(({ answers, startedAt }) => answers.dueMs.map((ms) => ms + startedAt - from)),
    latencyMs: reports.flatMap(({ answers }) => answers.latencyMs),
    by: reports.flatMap(({ answers }) =>
      answers.by.map((by) => names.indexOf(answers.names[by - 1] ?? "") + 1),
    ),
  };
}

function lossTimes({
  intendedAt,
  sentAt,
  doneAt,
  reusedConnection,
}: LoadReport["failures"][number]): LossTimes {
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return {
    dueAt: rounded(intendedAt),
    sentAfterMs: rounded(sentAt - intendedAt),
    doneAfterMs: rounded(doneAt - intendedAt),
    reusedConnection,
  };
}

/** Reads a saved run back. `file` is for errors. */
export function readSavedRun(text: string, file: string): SavedRun {
  const value = parsed(text, file);
  const isRun =
    value?.schema === verdictSchema && Array.isArray(value.failures) && value.requests !== undefined;
  if (!isRun || value.timeline === undefined || value.load === undefined) {
    throw new SeaworthyError("SW1003", `${file} is not the report of a trial`, {
      why: isRun ? "it has the verdict, but not the timeline" : `its schema is not ${verdictSchema}`,
      next: ["give the file that `seaworthy trial --report FILE` wrote, not its output"],
    });
  }
  return value as SavedRun;
}

function parsed(text: string, file: string): Partial<SavedRun> | null {
  try {
    return JSON.parse(text) as Partial<SavedRun> | null;
  } catch (cause) {
    throw new SeaworthyError("SW1003", `${file} is not JSON: ${(cause as Error).message}`, {
      next: ["give the file that `seaworthy trial --report FILE` wrote"],
      cause,
    });
  }
}
