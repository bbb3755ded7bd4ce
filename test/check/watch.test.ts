import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { shopManifest } from "../shop-manifest.ts";

const drain = "\n          lifecycle: { preStop: { sleep: { seconds: 5 } } }";

test(
  "--watch tells what is found after each change, and Ctrl-C ends it",
  { timeout: 60_000 },
  async (context) => {
    const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
    context.after(() => rm(cwd, { recursive: true, force: true }));
    const file = join(cwd, "app.yaml");
    await writeFile(file, shopManifest);
    const args = ["check", "--watch", ".", "--profile", "none", "--rule", "no-drain"];
    const child = spawn(process.execPath, [resolve("packages/cli/src/main.mjs"), ...args], {
      cwd,
      env: { ...process.env, CI: "1", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    context.after(() => child.kill("SIGKILL"));
    let told = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (told += chunk));
    /** Waits until it has told something since the last time. */
    const tells = async (what: RegExp) => {
      while (!what.test(told)) await once(child.stdout, "data");
      told = "";
    };
    const ends = /Ctrl-C ends\n$/.source;
    await tells(new RegExp(`^warning\\[no-drain\\][^]*${ends}`));
    await writeFile(file, shopManifest.replace("image: shop:1", `image: shop:1${drain}`));
    await tells(new RegExp(`nothing found[^]*${ends}`));
    await mkdir(join(cwd, "more"));
    await writeFile(join(cwd, "more/other.yaml"), shopManifest.replaceAll("shop", "other"));
    await tells(new RegExp(`more/other\\.yaml[^]*${ends}`));
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 1);
  },
);
