import { parseFaultRules, type Setting, text } from "@seaworthy/service";

/** The setting for a delay of each request: one rule of the library's faults, in short. */
export function delaySetting(help: string): Setting<string | undefined> {
  const setting = text({ default: undefined, live: true, help });
  return {
    ...setting,
    fromText: checkDelay,
    // In YAML a number needs no quotes.
    fromValue: (value) => checkDelay(typeof value === "number" ? String(value) : setting.fromValue(value)),
  };
}

function checkDelay(delay: string | undefined): string | undefined {
  if (delay === undefined) return undefined;
  try {
    parseFaultRules([{ delay }]);
  } catch (error) {
    throw new RangeError("use milliseconds as 250, 0..2000 or normal(200,50), at most 600000", {
      cause: error,
    });
  }
  return delay;
}
