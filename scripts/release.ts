/**
 * Packs what is published, checks it, and writes which commit it was made of beside it. It publishes nothing: it prints the
 * commands, whose `--provenance` works in CI only. usage: node scripts/with-node.mjs scripts/release.ts [FOLDER]
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportProblems } from "./packages/check-exports.ts";
import { packPackages } from "./packages/pack-packages.ts";
import { provenanceOf } from "./packages/provenance.ts";

const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const folder = path.resolve(process.argv[2] ?? "dist");
if (git("status", "--porcelain") !== "")
  end("there are changes that no commit has, and the tarballs would be of none; commit them or stash them");
const tarballs = await packPackages(folder);
const problems = await exportProblems(tarballs);
if (problems.length > 0) end(`the packages are not fit to be published:\n${problems.join("\n")}`);
const provenance = provenanceOf({
  tarballs: tarballs.map((tarball) => ({
    file: path.basename(tarball.path),
    sha512: createHash("sha512").update(readFileSync(tarball.path)).digest("hex"),
  })),
  commit: git("rev-parse", "HEAD"),
  node: process.version,
  finishedOn: new Date().toISOString(),
});
const file = path.join(folder, "provenance.json");
writeFileSync(file, `${JSON.stringify(provenance, undefined, 2)}\n`);
process.stdout.write(`${path.relative(process.cwd(), file)}: ${tarballs.length} tarballs\n`);
// Those that others need come first.
for (const tarball of tarballs)
  process.stdout.write(
    `npm publish --provenance --access public ${path.relative(process.cwd(), tarball.path)}\n`,
  );

function end(problem: string): never {
  process.stderr.write(`release: ${problem}\n`);
  process.exit(1);
}
