// The program. In a clone it is the bundle that the `seaworthy` command has made of these sources (scripts/bundle.ts), where
// there is one. Else it keeps compiled code in the system's temporary folder, which halves the start from the second time on,
// and is itself JavaScript, so that Node does not even load its TypeScript stripper when everything is kept.
import { enableCompileCache } from "node:module";
import { freshBundle } from "../../../scripts/fresh-bundle.mjs";

enableCompileCache();
await import(freshBundle("httpserver") ?? "./main.ts");
