import type { Setting, SettingsOf, SettingsTable } from "./setting.ts";
import { environmentName, flagName } from "./setting-names.ts";

/** The settings as a Markdown table: flag, environment variable, key of the file, default, meaning. */
export function settingsTable(table: SettingsTable): string {
  const rows = Object.entries(table).map(([name, setting]) => [
    setting.secret ? "–" : code(flagText(name, setting)),
    code(environmentName(name)) + (setting.secret ? ` or ${code(`${environmentName(name)}_FILE`)}` : ""),
    code(name),
    setting.secret || isUnset(setting.default) ? "–" : code(defaultText(setting)),
    meaning(setting),
  ]);
  const head = ["flag", "environment", "file", "default", "meaning"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |\n`).join("");
}

/** The text for `--help`. */
export function settingsHelp(table: SettingsTable, { usage }: { readonly usage: string }): string {
  const spellings = Object.entries(table).map(([name, setting]) =>
    setting.secret ? `${environmentName(name)}, ${environmentName(name)}_FILE` : flagText(name, setting),
  );
  const lines = Object.values(table).flatMap((setting, index) => {
    const unset = setting.secret || isUnset(setting.default);
    const standard = unset ? "" : ` Default ${defaultText(setting)}.`;
    return [`  ${spellings[index]}`, `      ${meaning(setting)}${standard}`];
  });
  const rule =
    "Each flag is also an environment variable (--drain-ms is DRAIN_MS) and a key of the file (drainMs). A flag counts before the environment, and that before the file.";
  return [usage, "", ...lines, "", rule, ""].join("\n");
}

/** The values as they may be shown or logged. A secret only shows that it is set. */
export function describeSettings<T extends SettingsTable>(
  values: SettingsOf<T>,
  table: T,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, setting]) => {
      const value = values[name as keyof T] as unknown;
      return [name, setting.secret && !isUnset(value) ? "***" : value];
    }),
  );
}

function flagText(name: string, setting: Setting<unknown>): string {
  const flag = flagName(name);
  if (setting.kind === "boolean") return setting.default === true ? `--no-${flag.slice(2)}` : flag;
  return `${flag} ${setting.kind.toUpperCase()}`;
}

function meaning({ kind, help, allowed, live }: Setting<unknown>): string {
  const sentence = /[.!?]$/.test(help) ? help : `${help}.`;
  const limits = limitedKinds.has(kind) ? ` ${capital(allowed)}` : "";
  return `${sentence}${limits}${live ? " Changes without a restart." : ""}`;
}

const limitedKinds: ReadonlySet<string> = new Set(["integer", "number", "choice"]);

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function defaultText({ kind, default: value }: Setting<unknown>): string {
  if (kind === "list") return (value as readonly string[]).join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
