import type { Container } from "../../../object.ts";

/** What a preStop hook does, as far as the manifest says. */
export interface PreStop {
  readonly kind: "sleep" | "exec" | "httpGet";
  /** How long it waits, when that can be read from the manifest. */
  readonly seconds: number | undefined;
  /** How long it waits before it ends the app (`kill`, `killall`, `nginx -s quit`, …); undefined when it does not. */
  readonly stopsAppAfter: number | undefined;
}

/** Reads the preStop hook of a container; undefined where there is none. */
export function preStopOf({ lifecycle }: Pick<Container, "lifecycle">): PreStop | undefined {
  const hook = lifecycle?.preStop;
  if (hook?.sleep) return { kind: "sleep", seconds: hook.sleep.seconds, stopsAppAfter: undefined };
  if (hook?.exec) return commandHook((hook.exec.command ?? []).join(" "));
  if (hook?.httpGet) return { kind: "httpGet", seconds: undefined, stopsAppAfter: undefined };
  return undefined;
}

function commandHook(text: string): PreStop {
  const end = /\b(?:p?kill|killall)\b|-s (?:quit|stop)\b/.exec(text);
  const stopsAppAfter = end === null ? undefined : (sleepSeconds(text.slice(0, end.index)) ?? 0);
  return { kind: "exec", seconds: sleepSeconds(text), stopsAppAfter };
}

/** The sum of the `sleep N` in a command line, or undefined when there is none. */
function sleepSeconds(command: string): number | undefined {
  const unit: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600 };
  const sleeps = [...command.matchAll(/\bsleep (\d+(?:\.\d+)?)([smh]?)/g)];
  if (sleeps.length === 0) return undefined;
  return sleeps.reduce((sum, [, amount, suffix]) => sum + Number(amount) * (unit[suffix ?? ""] ?? 1), 0);
}
