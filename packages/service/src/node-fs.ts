/**
 * For what is loaded with every service. As an ES module `node:fs` has each of its exports read when it is first
 * imported, and some of those load streams: 20 ms of a start of 200.
 */
export const fs = process.getBuiltinModule("node:fs");
