import type { SizeResult } from "@seaworthy/trial";

/** What was measured, what the run cannot know, and the patch, which stands last, so that it stays on the screen. */
export function sizeText(result: SizeResult, patch: string): string {
  const { knee, several, startedMs, unknown, windows } = result;
  const lines = [
    "rate/s   pods   p99        CPU     memory",
    ...windows.map(({ ratePerSecond, pods, p99Ms, cores, peakBytes, why }) =>
      [
        ratePerSecond.toFixed(0).padEnd(8),
        String(pods).padEnd(6),
        `${p99Ms.toFixed(p99Ms < 10 ? 1 : 0)} ms`.padEnd(10),
        cores.toFixed(2).padEnd(7),
        `${mebibytes(peakBytes)} MiB`.padEnd(9),
        why === null ? "" : `too much: ${why}`,
      ]
        .join(" ")
        .trimEnd(),
    ),
    "",
    `knee       ${knee.ratePerSecond.toFixed(0)} requests/s with one pod, p99 ${knee.p99Ms.toFixed(0)} ms, ${knee.cores.toFixed(2)} cores, ${mebibytes(knee.peakBytes)} MiB`,
    ...(knee.throttledShare === null
      ? []
      : [`throttled  ${(knee.throttledShare * 100).toFixed(1)} % of the time at the knee`]),
    ...several.map(
      ({ pods, ratePerSecond, share }) =>
        `${pods} pods     ${ratePerSecond.toFixed(0)} requests/s, ${(share * 100).toFixed(0)} % of ${pods} single ones`,
    ),
    `start      ${(startedMs / 1000).toFixed(1)} s from a pod's creation to its readiness`,
    "",
    "This run cannot know",
    ...unknown.map((text) => `  - ${text}`),
    "",
  ];
  return `${lines.join("\n")}\n${patch}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
