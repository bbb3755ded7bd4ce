// The program. It keeps compiled code in the system's temporary folder, which halves the start from the second time on,
// and is itself JavaScript, so that Node does not even load its TypeScript stripper when everything is kept.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { bundledCommand } = await import("../../../scripts/bundle.ts");
await import(await bundledCommand());
