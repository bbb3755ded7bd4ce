// `npm start`: the sea trial of the reference service. More arguments are passed on: npm start -- --rounds 5
import path from "node:path";
import { ensureInstalled, root, runMain } from "./ensure.mjs";

ensureInstalled({ isProgram: true });
const manifests = path.relative(process.cwd(), path.join(root, "apps/httpserver/k8s"));
await runMain(path.join(root, "packages/cli/src/main.mjs"), ["trial", manifests, ...process.argv.slice(2)]);
