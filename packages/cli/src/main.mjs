// The program. It keeps compiled code in the system's temporary folder, which halves the start from the second time on,
// and is itself JavaScript, so that Node does not even load its TypeScript stripper when everything is kept.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { bundledCommand, bundledHttpserver } = await import("../../../scripts/bundle.ts");
// Pods of the reference service may run in these.
const hasPods = ["size", "trial", "up"].includes(process.argv[2]);
const [command] = await Promise.all([bundledCommand(), hasPods ? bundledHttpserver() : undefined]);
await import(command);
