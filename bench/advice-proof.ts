/**
 * Proves the advice of trials: each case of packages/trial/src/testing/advice-cases.ts is tried, its advice is applied, and it
 * is tried again. Prints one line for each, and exits 1 when a request is lost, or can be, with the advice followed.
 *
 * usage: node bench/advice-proof.ts [WORD [EVERY]]
 *
 * With WORD only the cases whose cause or name has the word in it, and with EVERY each first of so many of them. Two are tried at a time.
 */
import { adviceCases, type AdviceCase } from "../packages/trial/src/testing/advice-cases.ts";
import { proveAdvice } from "../packages/trial/src/testing/prove-advice.ts";
import { inLanes } from "../scripts/in-lanes.ts";

const word = process.argv[2] ?? "";
const every = Number(process.argv[3] ?? 1);
const cases = adviceCases.filter(({ cause, name }) => `${cause} ${name}`.includes(word));
let wrong = 0;
await inLanes(
  cases.filter((_, index) => index % every === 0),
  prove,
);
process.exitCode = wrong === 0 ? 0 : 1;

async function prove(each: AdviceCase): Promise<void> {
  const startedAt = performance.now();
  const title = `${each.cause}, ${each.name}`;
  const problems = await proveAdvice(each).then(
    ({ problems: found, before, after }) => {
      const lost = `${before.verdict.requests.failed} lost before, ${after.verdict.requests.failed} after`;
      process.stdout.write(
        `${found.length === 0 ? "ok    " : "WRONG "} ${title}: ${lost} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)\n`,
      );
      return found;
    },
    (error: unknown) => {
      process.stdout.write(`WRONG  ${title}\n`);
      return [String(error)];
    },
  );
  for (const problem of problems) process.stdout.write(`       ${problem}\n`);
  if (problems.length > 0) wrong += 1;
}
