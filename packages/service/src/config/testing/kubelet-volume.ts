import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A ConfigMap or Secret volume as a pod sees it, written as the kubelet writes it. */
export interface KubeletVolume extends Disposable {
  readonly path: string;
  /** Replaces all files at once. */
  write(files: Readonly<Record<string, string>>): void;
}

/** Makes a volume in a new folder under the system's folder for temporary files. */
export function createKubeletVolume(files: Readonly<Record<string, string>>): KubeletVolume {
  const path = mkdtempSync(join(tmpdir(), "kubelet-volume-"));
  writeKubeletVolume(path, files);
  return {
    path,
    write: (next) => writeKubeletVolume(path, next),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The steps of Write in pkg/volume/util/atomic_writer.go of Kubernetes 1.29, in their order. */
export function writeKubeletVolume(
  path: string,
  files: Readonly<Record<string, string>>,
  mode = 0o644,
): void {
  const old = readdirSync(path).includes("..data") ? readlinkSync(join(path, "..data")) : undefined;
  const time = new Date().toISOString().replace(/\..*/, "").replaceAll(/[-T:]/g, "_");
  const folder = mkdtempSync(join(path, `..${time}.`));
  chmodSync(folder, 0o755);
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  symlinkSync(folder.slice(path.length + 1), join(path, "..data_tmp"));
  renameSync(join(path, "..data_tmp"), join(path, "..data"));
  const visible = new Set(Object.keys(files).map((name) => name.split("/")[0]!));
  const there = readdirSync(path).filter((name) => !name.startsWith(".."));
  for (const name of visible) if (!there.includes(name)) symlinkSync(join("..data", name), join(path, name));
  for (const name of there) if (!visible.has(name)) rmSync(join(path, name));
  if (old !== undefined) rmSync(join(path, old), { recursive: true });
}
