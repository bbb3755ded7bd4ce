// Checks and mends mutated manifests: node bench/check/run-fuzz.ts [COUNT] [FIRST SEED]. Each must be told of or checked; a
// crash of a rule, a hang or a broken repair ends the run with its seed.
import { readFileSync } from "node:fs";
import { checkMutated } from "../../packages/check/src/testing/check-mutated.ts";
import { exampleFiles } from "../../packages/check/src/testing/rule-folders.ts";

const [count = 1_000_000, first = 1] = process.argv.slice(2).map(Number);
const texts = exampleFiles.map((file) => readFileSync(file, "utf8"));
const ends = { found: 0, nothing: 0 };
const started = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  try {
    ends[await checkMutated(seed, texts)] += 1;
  } catch (error) {
    process.stderr.write(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(
  `${count} mutated manifests in ${seconds} s: ${ends.found} with findings, ${ends.nothing} without\n`,
);
