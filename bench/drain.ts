/**
 * Runs the drain matrix on the library and on what others use, and prints how many requests each loses.
 *
 * usage: node bench/drain.ts [ROUNDS] [--only CANDIDATE]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { selfSigned } from "@seaworthy/certificates";
import { schemes } from "../packages/service/src/testing/drain-app.ts";
import { drainCases } from "../packages/service/src/testing/drain-cases.ts";
import {
  type Candidate,
  type DrainOutcome,
  runDrainCase,
} from "../packages/service/src/testing/run-drain-case.ts";
import { installPeers } from "./peers/install-peers.ts";

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Each waits 600 ms before it stops listening, but the first, which shows what most services do. */
const candidates: Readonly<Record<string, Candidate>> = {
  "server.close()": { file: here("peers/drain-close.mjs") },
  "server.close() after 600 ms": { file: here("peers/drain-close.mjs"), args: ["--after", "600"] },
  "@godaddy/terminus": { file: here("peers/drain-terminus.mjs") },
  "lightship + server.close()": { file: here("peers/drain-lightship.mjs") },
  "fastify-graceful-shutdown": { file: here("peers/drain-fastify.mjs") },
  "@seaworthy/service": {
    file: here("../packages/service/src/testing/drain-server.ts"),
    env: { DRAIN_MS: "600", QUIET_MS: "200", GRACE_MS: "5000", HOOKS_MS: "0", FLUSH_MS: "500" },
  },
};

const rounds = Number(process.argv[2] ?? 1);
const only = process.argv.indexOf("--only");
const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-drain-"));
const { key, cert } = selfSigned();
const keys = { keyFile: path.join(folder, "tls.key"), certFile: path.join(folder, "tls.crt"), ca: cert };
writeFileSync(keys.keyFile, key);
writeFileSync(keys.certFile, cert);

if (installPeers()) {
  for (const [name, candidate] of Object.entries(candidates)) {
    if (only < 0 || process.argv[only + 1] === name) await runCandidate(name, candidate);
  }
}
rmSync(folder, { recursive: true });

async function runCandidate(name: string, candidate: Candidate): Promise<void> {
  out(`\n### ${name}\n`);
  out(`| case | ${schemes.join(" | ")} |\n|---|${schemes.map(() => "---").join("|")}|`);
  const sums = schemes.map(() => ({ asked: 0, lost: 0, killed: 0 }));
  for (const caseName of Object.keys(drainCases)) {
    const cells = await Promise.all(
      schemes.map(async (scheme, index) => {
        const outcomes: DrainOutcome[] = [];
        for (let round = 0; round < rounds; round++)
          outcomes.push(await runDrainCase(candidate, scheme, caseName, keys));
        const asked = outcomes.reduce((sum, outcome) => sum + outcome.asked, 0);
        const lost = outcomes.reduce((sum, outcome) => sum + outcome.lost.length, 0);
        const killed = outcomes.filter(({ exitCode }) => exitCode === undefined).length;
        const sum = sums[index];
        if (sum !== undefined) {
          sum.asked += asked;
          sum.lost += lost;
          sum.killed += killed;
        }
        return cell(asked, lost, killed);
      }),
    );
    out(`| ${caseName} | ${cells.join(" | ")} |`);
  }
  out(`| **all** | ${sums.map(({ asked, lost, killed }) => cell(asked, lost, killed)).join(" | ")} |`);
}

function cell(asked: number, lost: number, killed: number): string {
  const text = lost === 0 ? `0 of ${asked}` : `**${lost}** of ${asked}`;
  return killed === 0 ? text : `${text}, killed${killed > 1 ? ` ${killed} ×` : ""}`;
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
