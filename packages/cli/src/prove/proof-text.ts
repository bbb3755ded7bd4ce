import { basename } from "node:path";
import { formatNotice } from "@seaworthy/errors";
import { formatError } from "../print-error.ts";
import type { TriedFinding } from "./mend-for-proof.ts";
import { perPodEnd, type Proof, type ProofOutcome } from "./proof.ts";
import type { Tried } from "./tried.ts";
import { breakParts } from "../output/break-parts.ts";
import type { Telling } from "../output/format-told.ts";
import type { Paint } from "../output/paint.ts";
import { standInText } from "../output/stand-in-text.ts";

/** A proof for people: Deployment by Deployment what is lost as it is and as fixed, and last what that shows. */
export function proofText(proof: Proof, telling: Telling): string {
  const { outcome, text, asItIs, errors } = proof;
  const { word, style } = words[outcome];
  const standIns = { text: standInText, names: asItIs?.standIns ?? [] };
  return [
    ...(asItIs === undefined ? [] : [tableThatFits(proof, telling.width), ""]),
    ...(standIns.names.length === 0
      ? []
      : [...labelled("stand-in", "dim", formatNotice(standIns, { all: false }), telling), ""]),
    ...errors.map((error) => formatError(error, telling.paint)),
    ...labelled(word, style, text, telling),
    "",
  ].join("\n");
}

/** A text beside its label, in lines that fit the screen. */
function labelled(label: string, style: Style, text: string, { paint, width = Infinity }: Telling): string[] {
  const indent = Math.max(11, label.length + 2);
  return breakParts(text.split(" "), " ", width - indent).map((line, index) =>
    index === 0 ? paint(style, label) + " ".repeat(indent - label.length) + line : " ".repeat(indent) + line,
  );
}

type Style = Parameters<Paint>[0];

const words: Readonly<Record<ProofOutcome, { readonly word: string; readonly style: Style }>> = {
  proved: { word: "PROVED", style: ["bold", "green"] },
  "not-enough": { word: "NOT ENOUGH", style: ["bold", "red"] },
  "not-mended": { word: "LOST", style: ["bold", "red"] },
  "nothing-lost": { word: "NOTHING LOST", style: ["bold", "yellow"] },
  "proves-nothing": { word: "PROVES NOTHING", style: ["bold", "yellow"] },
  "not-tried": { word: "NOT TRIED", style: ["bold", "yellow"] },
  "nothing-to-try": { word: "NOT TRIED", style: ["bold", "yellow"] },
};

/** The cells of a line: what it is about, where that is, as it is, as fixed. */
type Row = readonly [what: string, place: string, asItIs: string, asFixed: string];

/** The findings above have told whole paths already: where these make the table too wide, the names of files do. */
function tableThatFits(proof: Proof, width = Infinity): string {
  const wide = table(proof, (file) => file);
  return wide.split("\n").every((line) => line.length <= width) ? wide : table(proof, basename);
}

function table(proof: Proof, nameOf: (file: string) => string): string {
  const groups = Map.groupBy(proof.findings, groupOf);
  const rows: Row[] = [
    ["", "", "as it is", proof.asFixed === undefined ? "" : "as fixed"],
    ...[...groups].flatMap(([name, findings]): Row[] => [
      headRow(name, findings[0]!.deployment, proof),
      ...findings.map(({ found, deployment, mend }): Row => [
        `  ${found.rule}`,
        found.place === undefined ? "" : `${nameOf(found.place.file)}:${found.place.line}`,
        "",
        deployment === undefined ? "" : (mend ?? "by hand"),
      ]),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

function groupOf({ found, deployment }: TriedFinding): string {
  return deployment === undefined ? (found.object ?? "") : `Deployment ${deployment}`;
}

function headRow(name: string, deployment: string | undefined, { asItIs, asFixed }: Proof): Row {
  return [name, "", lossesIn(asItIs, deployment), asFixed === undefined ? "" : lossesIn(asFixed, deployment)];
}

/** A Deployment that no route leads to is not rolled, and so no pod of it ends. */
function lossesIn(tried: Tried | undefined, deployment: string | undefined): string {
  if (tried?.doubt !== undefined) return "in doubt";
  const losses = tried?.deployments.get(deployment ?? "");
  return losses === undefined || losses.podEnds === 0 ? "not tried" : perPodEnd(losses);
}
