import { escapeHtml } from "./escape.ts";
import type { Scale } from "./scale.ts";

/** The part of a picture in which the values lie, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A size in which a picture is drawn: one for wide pages and one for narrow pages, so that letters keep their size. */
export interface Size {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
}

const sizes: readonly Size[] = [
  { name: "wide", width: 860, height: 300 },
  { name: "narrow", width: 360, height: 260 },
];

/** A chart in both sizes, of which the style sheet shows one. Its title and description are read aloud. */
export function chart(
  id: string,
  { title, description }: { readonly title: string; readonly description: string },
  draw: (size: Size) => string,
): string {
  return sizes
    .map((size) => {
      const name = `${id}-${size.name}`;
      return `<svg class="chart ${size.name}" role="img" aria-labelledby="${name}-title ${name}-text" viewBox="0 0 ${size.width} ${size.height}"><title id="${name}-title">${escapeHtml(title)}</title><desc id="${name}-text">${escapeHtml(description)}</desc>${draw(size)}</svg>`;
    })
    .join("\n");
}

/** Lines across at the marks of a scale, with their texts at the left. */
export function rows(scale: Scale, plot: Plot, text: (value: number) => string): string {
  return scale.ticks
    .map(
      (tick) =>
        `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${scale(tick)}" y2="${scale(tick)}"/>${label(plot.left - 8, scale(tick) + 4, text(tick), "end")}`,
    )
    .join("");
}

/** Marks of a scale along the bottom, with their texts below. */
export function columns(scale: Scale, plot: Plot, text: (value: number) => string): string {
  return scale.ticks
    .map((tick) => {
      const x = scale(tick);
      const anchor = x > plot.right - 12 ? "end" : "middle";
      return `<line class="mark" x1="${x}" x2="${x}" y1="${plot.bottom}" y2="${plot.bottom + 5}"/>${label(x, plot.bottom + 19, text(tick), anchor)}`;
    })
    .join("");
}

/** A text at a place. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end" = "start",
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}

/** A line through points; undefined ones leave a gap, and a point alone is a dot. */
export function path(name: string, points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  const parts: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (point === undefined) parts.push([]);
    else parts.at(-1)!.push(point);
  }
  const lines = parts
    .filter((part) => part.length > 1)
    .map((part) => `M${part.map(([x, y]) => `${x} ${y}`).join("L")}`)
    .join("");
  const dots = parts
    .filter((part) => part.length === 1)
    .map(([point]) => `<circle class="dot ${name}" cx="${point![0]}" cy="${point![1]}" r="2.5"/>`)
    .join("");
  return `${lines === "" ? "" : `<path class="line ${name}" d="${lines}"/>`}${dots}`;
}

/** Names of lines with a piece of each, in one row at the top. */
export function legend(entries: readonly (readonly [name: string, text: string])[], plot: Plot): string {
  let x = plot.left;
  return entries
    .map(([name, text]) => {
      const at = x;
      x += 34 + text.length * 7.2;
      return `<line class="line ${name}" x1="${at}" x2="${at + 20}" y1="12" y2="12"/>${label(at + 26, 16, text)}`;
    })
    .join("");
}
