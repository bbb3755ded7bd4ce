/**
 * Sends hostile input to the API server: most cases in this process, one in fifty as bytes over an encrypted connection
 * of a stranger. Every answer has to be a Status (or, where HTTP itself is broken, an end), nobody may be told of another
 * namespace, and memory has to stay bounded. The tests send a few thousand.
 *
 * usage: node --expose-gc bench/api-fuzz.ts [CASES [SEED]]
 */
import {
  sendHostile,
  sendHostileBytes,
  startTarget,
} from "../packages/cluster/src/apiserver/testing/send-hostile.ts";
import { seededRandom } from "../packages/cluster/src/random.ts";

const cases = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const inOneGo = 50;

const { transport, start } = await startTarget();
await using api = await start();
const random = seededRandom(seed);
const statuses = new Map<number, number>();
const problems: string[] = [];
let overSockets = 0;
let mostMiB = 0;
const started = performance.now();

for (let sent = 0; sent < cases; sent += inOneGo) {
  const stranger = sendHostileBytes(api.url, random).catch(note);
  overSockets += 1;
  for (let count = 1; count < inOneGo; count += 1) {
    try {
      const status = await sendHostile(transport, random);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    } catch (error) {
      note(error);
    }
  }
  await stranger;
  if (sent % 50_000 === 0) {
    globalThis.gc?.();
    mostMiB = Math.max(mostMiB, process.memoryUsage().heapUsed / 2 ** 20);
    process.stderr.write(`${sent} sent, ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MiB\n`);
  }
}

function note(error: unknown): void {
  if (problems.length < 20) process.stderr.write(`${String(error).slice(0, 3000)}\n\n`);
  problems.push(String(error));
}

const seconds = Math.round((performance.now() - started) / 1000);
const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
process.stdout.write(
  `${cases} cases with seed ${seed} in ${seconds} s, ${overSockets} of them over sockets; at most ${Math.round(mostMiB)} MiB of objects; ${problems.length} problems\n${counts.join(", ")}\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
