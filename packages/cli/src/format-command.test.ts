import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { formatCommand } from "./format-command.ts";

test("a call can be typed again as it was", () => {
  const flags = { run: ["shop=node dist/server.js", "db=it's"], rounds: "3", keep: true, host: undefined };
  const line = formatCommand("trial", ["k8s/", "more manifests/"], flags);
  const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
  assert.deepEqual(words.trimEnd().split("\n"), [
    "seaworthy",
    "trial",
    "k8s/",
    "more manifests/",
    "--run",
    "shop=node dist/server.js",
    "--run",
    "db=it's",
    "--rounds",
    "3",
    "--keep",
  ]);
});
