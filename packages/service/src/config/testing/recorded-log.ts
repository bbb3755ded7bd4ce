import type { Log } from "../../log/log.ts";

/** A line that was logged. */
export interface RecordedLine {
  readonly level: keyof Log;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that remembers its lines. */
export interface RecordedLog extends Log {
  readonly lines: readonly RecordedLine[];
  /** The messages of a level. */
  messages(level: keyof Log): string[];
}

/** Makes a log without lines. */
export function recordLog(): RecordedLog {
  const lines: RecordedLine[] = [];
  const write =
    (level: keyof Log) =>
    (fields: object, msg: string): void => {
      lines.push({ level, msg, fields: fields as RecordedLine["fields"] });
    };
  return {
    lines,
    messages: (level) => lines.filter((line) => line.level === level).map(({ msg }) => msg),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}
