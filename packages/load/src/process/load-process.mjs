// A load process. It keeps compiled code in the system's temporary folder, and is itself JavaScript, so that Node does not even
// load its TypeScript stripper, which takes 30 MiB, when everything is kept.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./load-process.ts");
