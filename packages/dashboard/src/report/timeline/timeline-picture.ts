import { durationText, timeScale } from "@seaworthy/load";
import type { Course } from "./course.ts";
import { lanes, type Part } from "./lanes.ts";
import { shapes, type Loss } from "../losses.ts";
import type { SavedRun } from "../saved-run.ts";
import { scenarioBands } from "./scenario-bands.ts";
import { streamLanes } from "./stream-lanes.ts";
import type { StreamMoment } from "../stream-moments.ts";
import { strip } from "./strip.ts";

/** Where the plot of every picture over time begins and ends. */
export const plot = { left: 150, right: 988, width: 1_000 } as const;

/** Pods, streams, requests and latency over one axis of time, with one cursor. `finding` is what is read aloud. */
export function timelinePicture(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  course: Course | undefined,
  finding: string,
): string {
  const x = timeScale(run.load.endedAt - run.load.startedAt, [plot.left, plot.right], 10);
  const bands = scenarioBands(run, x);
  const pods = lanes(run, losses, moments, x);
  const streams = streamLanes(run, losses, moments, x);
  const requests = course === undefined ? { svg: "", height: 0 } : strip(course, x);
  const { svg, height: bottom } = stacked([bands, pods, streams, requests]);
  const axis = x.ticks
    .map(
      (tick) =>
        `<path class="grid" d="M${x(tick)} 0V${bottom}"/><text x="${x(tick)}" y="${bottom + 18}" text-anchor="${x(tick) > plot.right - 12 ? "end" : "middle"}">${durationText(tick)}</text>`,
    )
    .join("");
  return `<svg id="timeline" class="picture" tabindex="0" role="img" aria-label="${finding}" viewBox="0 -4 ${plot.width} ${bottom + 30}">${axis}${svg}<path id="cursor" class="cursor" d="M0-4V${bottom}" hidden="hidden"/></svg>`;
}

const gap = 14;

/** One below the other; a part of no height is left out. */
function stacked(parts: readonly Part[]): Part {
  let height = 0;
  const drawn = parts
    .filter((part) => part.height > 0)
    .map((part) => {
      const svg = `<g transform="translate(0 ${height})">${part.svg}</g>`;
      height += part.height + gap;
      return svg;
    });
  return { svg: drawn.join(""), height: Math.max(0, height - gap) };
}

/** The marks that pictures use, and the hatching of pods that end. */
export function definitions(): string {
  const marks = Object.entries(shapes).map(([name, [, path]]) => `<path id="m-${name}" d="${path}"/>`);
  return `<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-back" width="5" height="5"/><rect class="hatch-line" width="2.2" height="5"/></pattern>${marks.join("")}</defs></svg>`;
}
