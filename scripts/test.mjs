// `npm test`: every test. Flags are passed on to node --test, and paths replace the default ones: npm test -- packages/kube
import { ensureInstalled, root, runNode } from "./ensure.mjs";

ensureInstalled();
process.chdir(root);
runNode(["scripts/run-tests.mjs", ...process.argv.slice(2)]);
