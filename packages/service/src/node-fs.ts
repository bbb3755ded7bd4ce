/**
 * `node:fs` for modules that every service loads. The first import of `node:fs` as an ES module reads each of its
 * exports, and some of those load streams: 20 ms of a start of 200.
 */
export const fs = process.getBuiltinModule("node:fs");
