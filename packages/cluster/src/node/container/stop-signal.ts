import { constants } from "node:os";

/** The signal of a name as Kubernetes and image configurations write it: `SIGQUIT`, `QUIT`, `3`, `SIGRTMIN+3`. */
export function parseStopSignal(name: string): NodeJS.Signals | number | undefined {
  const text = name.toUpperCase();
  const realTime = /^(?:SIG)?RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(text);
  if (realTime !== null) {
    const offset = Number(`${realTime[2] ?? "+"}${realTime[3] ?? 0}`);
    const number = (realTime[1] === "MIN" ? firstRealTime : 64) + offset;
    return number >= firstRealTime && number <= 64 ? number : undefined;
  }
  const byNumber = Object.entries(constants.signals).find(([, number]) => String(number) === text)?.[0];
  const known = byNumber ?? (text.startsWith("SIG") ? text : `SIG${text}`);
  return known in constants.signals ? (known as NodeJS.Signals) : undefined;
}

/** The name of such a signal. */
export function stopSignalName(signal: NodeJS.Signals | number): string {
  return typeof signal === "string" ? signal : `SIGRTMIN+${signal - firstRealTime}`;
}

/** SIGRTMIN as glibc and Kubernetes' container runtimes count it: https://man7.org/linux/man-pages/man7/signal.7.html */
const firstRealTime = 34;
