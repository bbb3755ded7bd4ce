/**
 * Asks whether luck decides a verdict: each case of packages/trial/src/testing/advice-cases.ts is tried with many seeds. Prints
 * how often each verdict came, and exits 1 when a case had two, `unproven` and `invalid` apart: they say that nothing is said.
 *
 * usage: node bench/verdict-seeds.ts [SEEDS] [WORD]
 *
 * SEEDS is 20 when absent, some 6 minutes for each case. WORD chooses the cases whose cause or name has it.
 */
import { adviceCases } from "../packages/trial/src/testing/advice-cases.ts";
import { tryCase } from "../packages/trial/src/testing/prove-advice.ts";

const seeds = Number(process.argv[2] ?? 20);
const word = process.argv[3] ?? "";
let torn = 0;
for (const each of adviceCases.filter(({ cause, name }) => `${cause} ${name}`.includes(word))) {
  const verdicts: string[] = [];
  const lost: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { verdict } = await tryCase(each, seed);
    verdicts.push(verdict.verdict);
    lost.push(verdict.requests.failed);
  }
  const counts = [...Map.groupBy(verdicts, (verdict) => verdict)].map(
    ([verdict, all]) => `${all.length} ${verdict}`,
  );
  const said = new Set(verdicts.filter((verdict) => verdict !== "unproven" && verdict !== "invalid"));
  if (said.size > 1) torn += 1;
  process.stdout.write(
    `${said.size > 1 ? "TORN  " : "ok    "} ${each.cause}, ${each.name}: ${counts.join(", ")} (${Math.min(...lost)} to ${Math.max(...lost)} lost)\n`,
  );
}
process.exitCode = torn === 0 ? 0 : 1;
