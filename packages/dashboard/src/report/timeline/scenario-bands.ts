import { escapeHtml, type Scale } from "@seaworthy/load";
import type { Part } from "./lanes.ts";
import type { SavedRun } from "../saved-run.ts";

const height = 26;
/** What a letter of a name takes at most. */
const letterWidth = 6.6;

/** Which scenario was played when; nothing with a single one. A name that has no room is told when it is pointed at. */
export function scenarioBands({ scenarios, load }: SavedRun, x: Scale): Part {
  if (scenarios.length < 2) return { svg: "", height: 0 };
  const bands = scenarios.map(({ name, verdict, startedAt, endedAt }) => {
    const at = (time: string) =>
      x(Math.min(Math.max(Date.parse(time), load.startedAt), load.endedAt) - load.startedAt);
    const [left, right] = [at(startedAt), at(endedAt)];
    const room = right - left > name.length * letterWidth;
    const text = room ? `<text class="head" x="${left + 3}" y="13">${escapeHtml(name)}</text>` : "";
    return `<g><title>${escapeHtml(`${name}: ${verdict}`)}</title>${text}<path class="band ${verdict}" d="M${left} 20H${Math.max(left + 1, right - 2)}"/></g>`;
  });
  return { svg: `<text class="head" x="0" y="13">scenario</text>${bands.join("")}`, height };
}
