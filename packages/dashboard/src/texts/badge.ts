import { lostOf, whatWasDone, type Verdict } from "@seaworthy/trial";

const looks: Readonly<
  Record<Verdict["verdict"], readonly [color: string, text: (verdict: Verdict) => string]>
> = {
  seaworthy: ["#00795a", (run) => `0 lost in ${whatWasDone(run)}`],
  leaking: ["#b84a00", (run) => (lostOf(run) > 0 ? `${lostOf(run)} requests lost` : "leaking")],
  unproven: ["#7a5200", () => "unproven"],
  invalid: ["#5a6672", () => "proves nothing"],
};

/** The verdict as a small picture for a README. Widths are told to the reader of the picture, so no font needs to be measured. */
export function badge(run: Verdict): string {
  const [color, textOf] = looks[run.verdict];
  const text = textOf(run);
  const left = 74;
  const right = Math.round(text.length * 6.4) + 16;
  const label = (x: number, length: number, value: string) =>
    `<text x="${x}" y="14" textLength="${length}" text-anchor="middle">${value}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="seaworthy: ${text}"><title>seaworthy: ${text}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="4"/></clipPath><g clip-path="url(#r)"><path fill="#24323d" d="M0 0h${left}v20H0z"/><path fill="${color}" d="M${left} 0h${right}v20H${left}z"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${label(left / 2, left - 14, "seaworthy")}${label(left + right / 2, right - 14, text)}</g></svg>\n`;
}
