import { writeFile } from "node:fs/promises";
import { SeaworthyError } from "@seaworthy/errors";

/** Writes a file that the user named; that it cannot be written is his to mend. */
export async function writeReport(file: string, text: string, flag = "--report"): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new SeaworthyError("SW1003", `the report cannot be written: ${(cause as Error).message}`, {
      next: [`name another file: ${flag} FILE`],
      cause,
    });
  }
}

/** The file of a report, which somebody may have named by its page. */
export function reportFile(named: string): string {
  return named.replace(/\.html$/, ".json");
}

/** The page of a report stands beside its file, under its name. */
export function pageBeside(report: string): string {
  return `${report.replace(/\.json$/, "")}.html`;
}
