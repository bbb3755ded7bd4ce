// Packs what is published: node scripts/with-node.mjs scripts/pack.ts [FOLDER]; the tarballs are in dist/ when no folder is given.
import path from "node:path";
import { packPackages } from "./packages/pack-packages.ts";

for (const { path: file, bytes, files } of await packPackages(path.resolve(process.argv[2] ?? "dist")))
  process.stdout.write(
    `${path.relative(process.cwd(), file)}  ${(bytes / 1024).toFixed(0)} KiB, ${files} files\n`,
  );
