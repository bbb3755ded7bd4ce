import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { publishedPackages } from "../../scripts/packages/published-packages.ts";
import type { Tarball } from "../../scripts/packages/pack-packages.ts";
import { lockFor, type LockedPackages } from "./lock-for.ts";

/** Makes the folder of a user who has an app and its manifests, and nothing installed. */
export function makeUserFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync("test/packages/shop", folder, { recursive: true });
  write(folder, "package.json", { name: "shop", private: true, type: "module" });
}

/** Installs tarballs in the folder of a user, with what they need from elsewhere: from npm's cache, as far as it goes. */
export function install(folder: string, tarballs: readonly Tarball[], flag = "--prefer-offline"): void {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: LockedPackages };
  const libraries = Object.entries(publishedPackages).filter(([, { name }]) => name !== "seaworthy");
  const wanted = libraries.filter(([, { name }]) => tarballs.some((tarball) => tarball.name === name));
  const folders = wanted.map(([source]) => `packages/${source}`);
  write(folder, "package-lock.json", lockFor(folders, packages));
  const args = ["install", flag, "--no-audit", "--no-fund", ...tarballs.map((tarball) => tarball.path)];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

function write(folder: string, name: string, value: object): void {
  writeFileSync(path.join(folder, name), JSON.stringify(value));
}
