// What linters find of what is wrong in one corpus, and what they say about manifests that are in order:
// KUBE_SCORE=… node bench/check/run-peers.ts. kube-score is run; kube-linter and polaris are judged by our rules for their
// documented checks, which is the most that they can find.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { rules } from "../../packages/check/src/index.ts";
import { checkCorpusFile } from "./check-corpus-file.ts";
import { scoreFile } from "./score-file.ts";
import { readCorpus } from "./read-corpus.ts";

interface Sample {
  readonly file: string;
  readonly text: string;
  /** The rules that it breaks; none for what is in order. */
  readonly expected: ReadonlySet<string>;
}

interface Tool {
  readonly name: string;
  /** The rules that it finds broken in a file, in our names, and how much it says in all. */
  find(sample: Sample): Promise<{ readonly rules: ReadonlySet<string>; readonly said: number }>;
}

const corpus = (half: "clean" | "faulty"): Sample[] =>
  readCorpus(half).map(({ expected, ...each }) => ({ ...each, expected: rulesIn(expected) }));

const usual = new Set(
  rules.filter(({ profile, severity }) => profile === "default" && severity !== "advice").map(({ id }) => id),
);
const examples: Sample[] = globSync("packages/check/src/rules/*/*/fails-*.yaml")
  .toSorted()
  .map((file) => ({ file, text: readFileSync(file, "utf8"), expected: new Set([basename(dirname(file))]) }))
  .filter(({ expected }) => [...expected].every((rule) => usual.has(rule)));

const parts = { "composed faults": corpus("faulty"), "examples of rules": examples, clean: corpus("clean") };

const kubeScore = process.env["KUBE_SCORE"];
const tools: Tool[] = [
  { name: "seaworthy check", find: (sample) => findWith("default", sample, { advice: false }) },
  ...(kubeScore === undefined
    ? []
    : [{ name: "kube-score", find: (sample: Sample) => score(kubeScore, sample) }]),
  { name: "kube-linter, at most", find: (sample) => findWith("kube-linter", sample, { advice: true }) },
  { name: "polaris, at most", find: (sample) => findWith("polaris", sample, { advice: true }) },
];

const unknown = new Map<string, Set<string>>();
process.stdout.write("| tool | of | found | missed | said of clean files |\n|---|---|---|---|---|\n");
for (const tool of tools) {
  let said = 0;
  for (const sample of parts.clean) said += (await tool.find(sample)).said;
  for (const part of ["composed faults", "examples of rules"] as const) {
    const count = { all: 0, found: 0 };
    for (const sample of parts[part]) {
      const { rules: found } = await tool.find(sample);
      count.all += sample.expected.size;
      count.found += [...sample.expected].filter((rule) => found.has(rule)).length;
    }
    process.stdout.write(
      `| ${tool.name} | ${count.all} ${part} | ${count.found} | ${count.all - count.found} | ${said} |\n`,
    );
  }
}
for (const [check, files] of [...unknown].toSorted())
  process.stdout.write(
    `only kube-score: ${check} in ${files.size}, as ${[...files].slice(0, 3).join(", ")}\n`,
  );

async function findWith(profile: string, sample: Sample, { advice }: { readonly advice: boolean }) {
  const lines = await checkCorpusFile(sample, { profile, advice });
  const found = rulesIn(lines);
  return { rules: found, said: found.size };
}

/** A check that fails stands for each of our rules that answers to it, where we find that one as well. */
async function score(command: string, sample: Sample) {
  const checks = scoreFile(command, sample.file);
  const own = rulesIn(await checkCorpusFile(sample, { profile: "kube-score", advice: true }));
  const answering = new Map(
    [...checks].map((check) => [
      check,
      rules.filter(({ id, peers }) => own.has(id) && peers?.["kube-score"]?.includes(check)),
    ]),
  );
  for (const [check, those] of answering)
    if (those.length === 0) unknown.set(check, (unknown.get(check) ?? new Set()).add(sample.file));
  return { rules: new Set([...answering.values()].flat().map(({ id }) => id)), said: checks.size };
}

function rulesIn(lines: readonly string[]): Set<string> {
  return new Set(lines.map((line) => line.split(" ")[1]!));
}
