import type { Mount } from "./pod-runtime.ts";

/** A shell script that lays a container's mounts into its own mount namespace. */
export interface MountScript {
  readonly script: string;
  /** The folder that the app must be chrooted to; undefined when the machine's own root serves. */
  readonly root: string | undefined;
}

/** What a plan of mounts asks of the machine's file system. */
export interface MachinePaths {
  isPresent(path: string): boolean;
  isFile(path: string): boolean;
  /** A path that exists, without symbolic links in it. */
  realPath(path: string): string;
}

/**
 * Plans the bind mounts of a container. A mount point that the machine does not have is made without touching
 * the machine: in an overlay over its nearest existing parent or, straight below /, in a new root made of
 * binds of the old one.
 */
export function mountScript(mounts: readonly Mount[], machine: MachinePaths): MountScript {
  if (mounts.length === 0) return { script: "", root: undefined };
  const isPresent = (path: string) => machine.isPresent(path);
  const ordered = mounts
    .map((mount) => ({ ...mount, mountPath: withoutLinks(mount.mountPath, machine) }))
    .sort((a, b) => depth(a.mountPath) - depth(b.mountPath));
  const stage = chooseStage(ordered, isPresent);
  const needsRoot = ordered.some((mount) => !isPresent(`/${mount.mountPath.split("/")[1] ?? ""}`));
  const root = needsRoot ? `${stage}/root` : undefined;
  const lines = [`mount -t tmpfs tmpfs ${quote(stage)}`, functions];
  // Sources are bound first: an overlay may soon hide the folder where they are.
  for (const [index, mount] of ordered.entries())
    lines.push(`hold ${quote(mount.hostPath)} ${quote(`${stage}/s${index}`)}`);
  if (root !== undefined) lines.push(`new_root ${quote(root)} ${quote(stage)}`);

  const ours: string[] = [];
  // Read only at the end, because mount points of others may have to be made inside.
  const closing: string[] = [];
  for (const [index, mount] of ordered.entries()) {
    const target = `${root ?? ""}${mount.mountPath}`;
    const make = machine.isFile(mount.hostPath) ? "make_file" : "make_dir";
    if (!isPresent(mount.mountPath) || isInside(mount.mountPath, ours)) {
      if (!isInside(mount.mountPath, ours)) {
        const parent = nearestParent(mount.mountPath, isPresent);
        if (parent !== "/")
          lines.push(
            `${parent === "/dev" ? "cover_devices" : "cover"} ${quote(`${root ?? ""}${parent}`)} ${quote(`${stage}/c${index}`)}`,
          );
        ours.push(parent === "/" ? topOf(mount.mountPath) : parent);
      }
      lines.push(`${make} ${quote(target)} || fail ${quote(mount.mountPath)}`);
    }
    const bind = `mount --bind ${quote(`${stage}/s${index}`)} ${quote(target)} 2>/dev/null`;
    lines.push(`${bind} || fail ${quote(mount.mountPath)}`);
    // In a user namespace a read-only remount must keep flags that are locked; a writable mount is the lesser evil.
    if (mount.readOnly) closing.push(`mount -o remount,bind,ro ${quote(target)} 2>/dev/null || true`);
    ours.push(mount.mountPath);
  }
  lines.push(...closing);
  if (root === undefined) lines.push(`umount -l ${quote(stage)}`);
  return { script: lines.join("\n"), root };
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

// An overlay would not do for /dev: in a user namespace it opens no devices, and it does not show what is mounted inside.
const functions = `
make_dir() { [ -e "$1" ] || mkdir -p "$1"; }
make_file() { [ -e "$1" ] || { mkdir -p "\${1%/*}" && : >"$1"; }; }
hold() {
  if [ -d "$1" ]; then mkdir "$2"; else : >"$2"; fi
  mount --bind "$1" "$2" || fail "$1"
}
cover() {
  mkdir "$2" "$2/up" "$2/work" "$2/old"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/up,workdir=$2/work" "$1" 2>/dev/null && return
  mount --rbind "$1" "$2/old" && mount -t tmpfs tmpfs "$1" || fail "$1"
  mkdir "$1/.seaworthy" && mount --rbind "$2/old" "$1/.seaworthy" || fail "$1"
  for entry in "$2"/old/* "$2"/old/.[!.]*; do
    if [ -e "$entry" ]; then ln -s ".seaworthy/\${entry##*/}" "$1/"; fi
  done
}
cover_devices() {
  mkdir "$2" && mount --rbind "$1" "$2" && mount -t tmpfs -o mode=755 tmpfs "$1" || fail "$1"
  mkdir "$1/.seaworthy" && mount --rbind "$2" "$1/.seaworthy" || fail "$1"
  for entry in pts shm mqueue; do
    if [ -d "$2/$entry" ]; then mkdir "$1/$entry" && mount --rbind "$2/$entry" "$1/$entry" || fail "$1/$entry"; fi
  done
  (cd "$1" && ln -s .seaworthy/* . 2>/dev/null) || true
}
new_root() {
  mkdir "$1" && mount -t tmpfs tmpfs "$1" || fail /
  for entry in /* /.[!.]*; do
    if [ -L "$entry" ]; then cp -P "$entry" "$1$entry"
    elif [ "$entry" = "$2" ]; then mkdir "$1$entry"
    elif [ -d "$entry" ]; then mkdir "$1$entry" && mount --rbind "$entry" "$1$entry" || fail "$entry"
    elif [ -e "$entry" ]; then : >"$1$entry" && mount --bind "$entry" "$1$entry" || fail "$entry"
    fi
  done
}`;

/** A folder of the machine that nothing uses while the mounts are made. */
function chooseStage(mounts: readonly Mount[], isPresent: (path: string) => boolean): string {
  const used = mounts.flatMap((mount) => [mount.mountPath, mount.hostPath]);
  const free = ["/media", "/srv", "/mnt", "/sys"].find(
    (folder) => isPresent(folder) && !used.some((path) => isInside(path, [folder])),
  );
  return free ?? "/sys";
}

/**
 * Where a mount point really is. On the way into a new root an absolute link, such as /var/run, would lead out of it, to the
 * machine's own folders.
 */
function withoutLinks(path: string, { isPresent, realPath }: MachinePaths): string {
  if (isPresent(path)) return realPath(path);
  const parent = nearestParent(path, isPresent);
  return parent === "/" ? path : `${realPath(parent)}${path.slice(parent.length)}`;
}

function nearestParent(path: string, isPresent: (path: string) => boolean): string {
  let parent = path.slice(0, path.lastIndexOf("/"));
  while (parent !== "" && !isPresent(parent)) parent = parent.slice(0, parent.lastIndexOf("/"));
  return parent === "" ? "/" : parent;
}

function topOf(path: string): string {
  return `/${path.split("/")[1] ?? ""}`;
}

function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function depth(path: string): number {
  return path.split("/").length;
}
