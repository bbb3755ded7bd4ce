#!/usr/bin/env node
// What npm starts: it is plain enough for any Node, says which one is needed, and keeps compiled code in the system's temporary
// folder, which halves the start from the second time on.
import module from "node:module";

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `seaworthy: needs Node 24 or newer, and this is ${process.version}; install it, or let npm fetch one: ` +
      "npx --package node@24 --package seaworthy seaworthy --help\n",
  );
  process.exit(2);
}
module.enableCompileCache();
await import("./main.mjs");
