import { escapeHtml } from "@seaworthy/load";
import type { Loss } from "./losses.ts";
import type { StreamMoment } from "./stream-moments.ts";

/** Where a mark stands in a picture; undefined where the picture has no place for it. */
type Spot = readonly [x: number, y: number] | undefined;

/** A mark for each loss; those of one cause that would cover each other become one, which bounds the size of the page. */
export function lossMarks(losses: readonly Loss[], place: (loss: Loss) => Spot): string {
  return marks(losses, place, ({ shape, cause, index }, spot) => [
    `${shape} ${cause}`,
    `<use href="#m-${shape}" ${spot} class="loss c${cause}" data-i="${index}"/>`,
  ]);
}

/** A mark for each moment at which streams ended in order or could not be opened. Broken ones are losses. */
export function momentMarks(moments: readonly StreamMoment[], place: (moment: StreamMoment) => Spot): string {
  const others = moments.filter(({ end }) => end !== "broken");
  return marks(others, place, ({ end, text }, spot) => {
    const name = end === "refused" ? "unopened" : "announced";
    const title = `<title>${escapeHtml(text)}</title>`;
    return [name, `<use href="#m-${name}" ${spot} class="moment ${name}">${title}</use>`];
  });
}

function marks<T>(
  all: readonly T[],
  place: (one: T) => Spot,
  draw: (one: T, spot: string) => readonly [kind: string, svg: string],
): string {
  const seen = new Set<string>();
  return all
    .map((one) => {
      const at = place(one);
      if (at === undefined) return "";
      const spot = `x="${Math.round(at[0])}" y="${Math.round(at[1])}"`;
      const [kind, svg] = draw(one, spot);
      const key = `${spot} ${kind}`;
      if (seen.has(key)) return "";
      seen.add(key);
      return svg;
    })
    .join("");
}
