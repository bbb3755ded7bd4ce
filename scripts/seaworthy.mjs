#!/usr/bin/env node
// The `seaworthy` command of a clone: install if need be, then the CLI under a Node that can run it.
import path from "node:path";
import { ensureInstalled, root, runMain } from "./ensure.mjs";

ensureInstalled({ isProgram: true });
await runMain(path.join(root, "packages/cli/src/main.mjs"), process.argv.slice(2));
