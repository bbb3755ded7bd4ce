import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { isMap, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { MixRequest } from "../requests/mix-request.ts";
import type { StreamWish } from "../requests/stream-wish.ts";
import { shortName } from "../short-name.ts";
import { noCheckSettings, readCheckSettings, type CheckSettings } from "./check-settings.ts";
import { readRequestSettings } from "./request-settings.ts";
import { readStreamSettings } from "./stream-settings.ts";
import {
  asMap,
  keysOf,
  placeAt,
  placeOfNode,
  rejectUnknown,
  scalar,
  texts,
  type Source,
} from "./settings-nodes.ts";

/** The name of the settings file. */
export const settingsFile = "seaworthy.yaml";

/** What `run` says of an image: the command line that is its entrypoint here, alone or with what else is known of the image. */
export type RunSetting =
  | string
  | {
      readonly command: string;
      readonly stopSignal?: string;
      readonly user?: string;
      /** Its variables. */
      readonly env?: Readonly<Record<string, string>>;
    };

/** What `seaworthy.yaml` says. */
export interface Settings {
  /** The file, and the folder that the commands in it start in. Absent when there is no such file. */
  readonly file: string | undefined;
  readonly cwd: string;
  /** Image → how it is run on this machine. */
  readonly run: Readonly<Record<string, RunSetting>>;
  readonly trial: {
    readonly rate?: number;
    readonly rounds?: number;
    /** A share in percent: `5%`. */
    readonly confidence?: string;
    /** Names of scenarios; which there are, the trial knows. */
    readonly scenarios?: readonly string[];
    readonly path?: string;
    readonly host?: string;
    /** What users ask, with their shares. */
    readonly requests?: readonly MixRequest[];
    /** What users hold open. */
    readonly streams?: readonly StreamWish[];
  };
  readonly check: CheckSettings;
}

/** Reads the nearest `seaworthy.yaml` at or above a path. Without one, every setting has its default. */
export async function readSettings(startAt: string, cwd: string): Promise<Settings> {
  let folder = resolve(cwd, startAt);
  for (;;) {
    const file = join(folder, settingsFile);
    const text = await readIfThere(file);
    if (text !== undefined) await refuseIfOpenToAll([folder, file]);
    if (text !== undefined) return parseSettings(text, shortName(file, cwd), folder);
    const parent = dirname(folder);
    if (parent === folder) return { file: undefined, cwd, run: {}, trial: {}, check: noCheckSettings };
    folder = parent;
  }
}

/** Its commands are run as the user, so a file that anybody may have put there (below /tmp, say) must not be obeyed. */
async function refuseIfOpenToAll([folder, file]: readonly [string, string]): Promise<void> {
  if (process.platform === "win32") return; // There a mode says nothing about others.
  for (const path of [folder, file]) {
    if (((await stat(path)).mode & 0o002) === 0) continue;
    throw new SeaworthyError("SW1302", `${file} is not used, because everybody may write to ${path}`, {
      why: "the commands of a settings file are run with your rights, and another user could have written them",
      next: [`remove it, or keep your manifests in a folder of your own`, `chmod o-w ${path}`],
    });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new SeaworthyError("SW1003", `${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Reads the text of a settings file. Throws SW1101, SW1103 or SW1105 with the place. */
export function parseSettings(text: string, file: string, cwd: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const source: Source = { text, file, lines };
  const [broken] = document.errors;
  if (broken !== undefined) {
    const place = placeAt(source, broken.pos[0], broken.pos[1], broken.message.split("\n")[0]);
    throw new SeaworthyError(
      broken.code === "DUPLICATE_KEY" ? "SW1102" : "SW1101",
      `${file} is not good YAML`,
      { place, next: ["mend the line"] },
    );
  }
  const root = asMap(document.contents, source, "");
  rejectUnknown(root, ["run", "trial", "check"], source, "");
  const trial = asMap(root?.get("trial", true), source, "trial");
  rejectUnknown(trial, trialKeys, source, "trial.");
  const run = asMap(root?.get("run", true), source, "run");
  const number = (key: string) => scalar(trial, key, "number", source) as number | undefined;
  const string = (key: string) => scalar(trial, key, "string", source) as string | undefined;
  return {
    file,
    cwd,
    run: Object.fromEntries(keysOf(run).map((key) => [key, runEntry(run, key, source)])),
    trial: withoutUndefined({
      rate: number("rate"),
      rounds: number("rounds"),
      confidence: string("confidence"),
      scenarios: texts(trial, "scenarios", source),
      path: string("path"),
      host: string("host"),
      requests: readRequestSettings(trial, source),
      streams: readStreamSettings(trial, source),
    }),
    check: readCheckSettings(root?.get("check", true), source),
  };
}

const trialKeys = ["rate", "rounds", "confidence", "scenarios", "path", "host", "requests", "streams"];

/** What `run` says of an image: `IMAGE: COMMAND`, or `IMAGE: { command, stopSignal, user, env }`. */
function runEntry(run: YAMLMap | undefined, key: string, source: Source): RunSetting {
  const node = run?.get(key, true);
  if (!isMap(node)) return scalar(run, key, "string", source) as string;
  rejectUnknown(node, ["command", "stopSignal", "user", "env"], source, `run.${key}.`);
  const command = scalar(node, "command", "string", source) as string | undefined;
  const stopSignal = scalar(node, "stopSignal", "string", source) as string | undefined;
  const user = textOrNumber(node, "user", source);
  const variables = asMap(node.get("env", true), source, `run.${key}.env`);
  const env =
    variables === undefined
      ? undefined
      : Object.fromEntries(
          keysOf(variables).map((name) => [name, textOrNumber(variables, name, source) ?? ""]),
        );
  if (command !== undefined) return { command, ...withoutUndefined({ stopSignal, user, env }) };
  throw new SeaworthyError("SW1110", `run.${key} has no command`, {
    place: placeOfNode(node, source),
    field: `run.${key}.command`,
    next: ["write the command line that is the image's entrypoint on this machine"],
  });
}

/** A text that YAML may take for a number, as `1000`. */
function textOrNumber(map: YAMLMap, key: string, source: Source): string | undefined {
  const value = map.get(key);
  return typeof value === "number"
    ? String(value)
    : (scalar(map, key, "string", source) as string | undefined);
}

function withoutUndefined<T extends Record<string, unknown>>(
  value: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
