import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import {
  badge,
  comparisonMarkdown,
  comparisonText,
  compareRuns,
  junitReport,
  readSavedRun,
  reportPage,
  summaryMarkdown,
  type SavedRun,
} from "@seaworthy/dashboard";
import type { CommandContext, CommandInput } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { pageBeside, writeReport } from "../trial/write-report.ts";

/** `seaworthy report`: one saved run as a page, a summary, JUnit or a badge; or two of them side by side. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const [first, second] = args;
  if (first === undefined || args.length > 2) {
    throw new SeaworthyError("SW1002", `a report is made of one file or two, not of ${args.length}`, {
      next: ["seaworthy report seaworthy-report.json", "seaworthy report before.json after.json"],
    });
  }
  const format = textFlag(flags, "output") ?? "text";
  const page = textFlag(flags, "page");
  const before = await read(first, context);
  const text =
    second === undefined ? one(before, format) : two(before, await read(second, context), { format, page });
  if (text !== undefined) context.stdout.write(text);
  if (second !== undefined || (format !== "text" && page === undefined)) return 0;
  const file = page ?? pageBeside(first);
  await writeReport(resolve(context.cwd, file), reportPage(before), "--page");
  context.stderr.write(`report     ${file}\n`);
  return 0;
}

const formats: Readonly<Record<string, (run: SavedRun) => string>> = {
  markdown: summaryMarkdown,
  junit: junitReport,
  badge,
};

function one(run: SavedRun, format: string): string | undefined {
  return format === "json" ? `${JSON.stringify(run, undefined, 2)}\n` : formats[format]?.(run);
}

function two(
  before: SavedRun,
  after: SavedRun,
  { format, page }: { readonly format: string; readonly page: string | undefined },
): string {
  const wrong =
    page === undefined
      ? formats[format] !== undefined && format !== "markdown"
        ? "--output"
        : undefined
      : "--page";
  if (wrong !== undefined) {
    throw new SeaworthyError(
      "SW1002",
      `${wrong}${wrong === "--output" ? ` ${format}` : ""} is of one run, and two are given`,
      {
        field: wrong,
        next: ["give one file", "or compare with --output text, markdown or json"],
      },
    );
  }
  const comparison = compareRuns(before, after);
  if (format === "json") return `${JSON.stringify(comparison, undefined, 2)}\n`;
  return format === "markdown" ? comparisonMarkdown(comparison) : comparisonText(comparison);
}

async function read(file: string, { cwd }: CommandContext): Promise<SavedRun> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new SeaworthyError("SW1003", `${file} cannot be read: ${(cause as Error).message}`, {
      next: ["give the file that `seaworthy trial --report FILE` wrote"],
      cause,
    });
  }
  return readSavedRun(text, file);
}
