import type { Mount } from "./pod-runtime.ts";

/** A container's mounts as steps, to be done in this order in its own mount namespace. */
export interface MountPlan {
  readonly steps: readonly MountStep[];
  /** A folder that the steps use, and that nobody sees any more after them. */
  readonly stage: string;
  /** The folder that the app must be chrooted to; undefined when the machine's own root serves. */
  readonly root: string | undefined;
}

/** Folders or empty files to be made where they are not there yet; something to be mounted; or something more special. */
export type MountStep =
  | { readonly make: "folder" | "file"; readonly path: string }
  | { readonly mount: string; readonly at: string; readonly type: string; readonly options: string }
  /**
   * Lays something over a folder, so that files can be made in it which are not made on the machine. What lies in the folder
   * `up` of the stage is in it then.
   */
  | { readonly cover: string; readonly stage: string; readonly access: FolderAccess }
  /** Makes links in a folder: to all that is in `.seaworthy` there. */
  | { readonly linkInto: string }
  | { readonly copyLinks: readonly string[]; readonly to: string }
  | { readonly makeReadOnly: string }
  | { readonly unmount: string }
  /** Makes all that is mounted at and below a folder read only but /dev, /proc and these. */
  | { readonly freeze: string; readonly keep: readonly string[] };

/** Who may do what with a folder: its mode in octal, and `UID:GID`. */
export interface FolderAccess {
  readonly mode: string;
  readonly owner: string;
}

/** What a plan of mounts asks of the machine's file system. */
export interface MachinePaths {
  isPresent(path: string): boolean;
  isFile(path: string): boolean;
  access(path: string): FolderAccess;
  /** A path that exists, without symbolic links in it. */
  realPath(path: string): string;
  /** What is straight below /. */
  topEntries(): readonly { readonly name: string; readonly kind: "folder" | "file" | "link" }[];
}

/** What is to be done besides the mounts. */
interface PlanOptions {
  /** Whether it gets a /proc of its own. */
  readonly withProc: boolean;
  readonly readOnlyRoot?: boolean;
  /** A mount of the machine's that it is not to see. */
  readonly unseen?: string | undefined;
}

/**
 * Plans the bind mounts of a container, and its /proc. A mount point that the machine does not have is made without touching
 * the machine: in an overlay over its nearest existing parent or, straight below /, in a new root made of
 * binds of the old one. With a `readOnlyRoot` all but the mounts can only be read in the end.
 */
export function planMounts(
  mounts: readonly Mount[],
  machine: MachinePaths,
  { withProc, readOnlyRoot = false, unseen }: PlanOptions,
): MountPlan {
  const isPresent = (path: string) => machine.isPresent(path);
  const proc = (root = ""): MountStep[] =>
    withProc ? [{ mount: "seaworthy-proc", at: `${root}/proc`, type: "proc", options: "defaults" }] : [];
  const freeze = (root = "", keep: readonly string[] = []): MountStep[] =>
    readOnlyRoot ? [{ freeze: root, keep }] : [];
  if (mounts.length === 0) {
    const stage = chooseStage([], machine.isPresent);
    const steps = readOnlyRoot ? [tmpfs(stage), ...proc(), ...freeze(), { unmount: stage }] : proc();
    return { steps, stage, root: undefined };
  }
  const ordered = mounts
    .map((mount) => ({ ...mount, mountPath: withoutLinks(mount.mountPath, machine) }))
    .sort((a, b) => depth(a.mountPath) - depth(b.mountPath));
  const stage = chooseStage(ordered, isPresent);
  const needsRoot = ordered.some((mount) => !isPresent(`/${mount.mountPath.split("/")[1] ?? ""}`));
  const root = needsRoot ? `${stage}/root` : undefined;
  const likeSource = ({ hostPath }: Mount) => (machine.isFile(hostPath) ? "file" : "folder");
  // Made at once, in the stage: places for sources, and what is to be found in a new /dev.
  const made = ordered.map((mount, index): Made => ({ make: likeSource(mount), path: `${stage}/s${index}` }));
  const links: MountStep[] = [];
  // All covers come first: one over a folder hides what was mounted inside before.
  const covers = foldersToCover(ordered, isPresent);
  const steps: MountStep[] = covers.map((path, index) => ({
    cover: `${root ?? ""}${path}`,
    stage: `${stage}/c${index}`,
    access: machine.access(path),
  }));
  made.push(
    ...covers.flatMap((_, index) =>
      ["up", "work"].map((name): Made => ({ make: "folder", path: `${stage}/c${index}/${name}` })),
    ),
  );
  const sources = ordered.map((mount, index) => bind(mount.hostPath, `${stage}/s${index}`));
  // Sources are bound first where a cover would hide them. Else all mounts are neighbours behind the covers.
  const hidesSources =
    root !== undefined || ordered.some(({ hostPath }) => isInside(withoutLinks(hostPath, machine), covers));
  if (!hidesSources) steps.push(...sources);
  const ours: string[] = [...covers];
  // Mounts wait for each other, so that they are neighbours, until something has to be made inside of one or over it.
  let waiting: { readonly path: string; readonly step: MountStep }[] = [];
  const mountWaiting = () => {
    steps.push(...waiting.map(({ step }) => step));
    waiting = [];
  };
  for (const [index, mount] of ordered.entries()) {
    const { mountPath } = mount;
    const target = `${root ?? ""}${mountPath}`;
    if (!isPresent(mountPath) || isInside(mountPath, ours)) {
      if (!isInside(mountPath, ours)) {
        const parent = nearestParent(mountPath, isPresent);
        ours.push(parent === "/" ? topOf(mountPath) : parent);
        if (parent === "/dev") {
          const covered = `${root ?? ""}${parent}`;
          const place = `${stage}/d${index}`;
          const devices = coverDevices(covered, place, isPresent);
          made.push(...devices.made, { make: likeSource(mount), path: `${place}${mountPath.slice(4)}` });
          waiting.push(...devices.mounts.map((step) => ({ path: parent, step })));
          waiting.push({ path: mountPath, step: bind(`${stage}/s${index}`, target) });
          links.push({ linkInto: covered });
          ours.push(mountPath);
          continue;
        }
      }
      if (waiting.some(({ path }) => isInside(mountPath, [path]))) mountWaiting();
      const cover = isPresent(mountPath) ? -1 : covers.indexOf(nearestParent(mountPath, isPresent));
      const mountsBefore = ordered.slice(0, index).map((other) => other.mountPath);
      // At once, too, unless folders of the machine or of a mount lie between: those would get other owners.
      if (cover >= 0 && !isInside(mountPath, mountsBefore)) {
        const inCover = mountPath.slice(covers[cover]?.length);
        made.push({ make: likeSource(mount), path: `${stage}/c${cover}/up${inCover}` });
      } else steps.push({ make: likeSource(mount), path: target });
    }
    waiting.push({ path: mountPath, step: bind(`${stage}/s${index}`, target) });
    ours.push(mountPath);
  }
  mountWaiting();
  steps.push(...proc(root), ...links);
  // Read only at the end, because mount points of others may have to be made inside.
  const isFrozen = (path: string) => readOnlyRoot && !isInside(path, ["/dev", "/proc"]);
  for (const { readOnly, mountPath } of ordered)
    if (readOnly && !isFrozen(mountPath)) steps.push({ makeReadOnly: `${root ?? ""}${mountPath}` });
  const writable = ordered.filter(({ readOnly }) => !readOnly);
  steps.push(
    ...freeze(
      root,
      writable.map(({ mountPath }) => `${root ?? ""}${mountPath}`),
    ),
  );
  if (unseen !== undefined) steps.push({ unmount: `${root ?? ""}${unseen}` });
  if (root === undefined) steps.push({ unmount: stage });
  const prepared: MountStep[] = [
    tmpfs(stage),
    ...made.toSorted((a, b) => Number(a.make === "file") - Number(b.make === "file")),
    ...(hidesSources ? sources : []),
    ...(root === undefined ? [] : newRoot(root, stage, machine)),
  ];
  return { steps: [...prepared, ...steps], stage, root };
}

/** The topmost folders of the machine in which mount points have to be made that lie in no other mount. */
function foldersToCover(mounts: readonly Mount[], isPresent: (path: string) => boolean): string[] {
  const parents = mounts
    .filter(({ mountPath }, index) => {
      const before = mounts.slice(0, index).map((other) => other.mountPath);
      return !isPresent(mountPath) && !isInside(mountPath, before);
    })
    .map(({ mountPath }) => nearestParent(mountPath, isPresent))
    .filter((parent) => parent !== "/" && parent !== "/dev");
  const folders = [...new Set(parents)].toSorted((left, right) => depth(left) - depth(right));
  return folders.filter((folder, index) => !isInside(folder, folders.slice(0, index)));
}

type Made = Extract<MountStep, { make: string }>;

/** A source with a name of ours: `mount --all` leaves out what it takes for mounted already, and the machine may have a tmpfs there. */
function tmpfs(at: string): MountStep {
  return { mount: "seaworthy", at, type: "tmpfs", options: "mode=755" };
}

function bind(path: string, at: string): MountStep {
  return { mount: path, at, type: "none", options: "bind" };
}

function bindAll(path: string, at: string): MountStep {
  return { mount: path, at, type: "none", options: "rbind" };
}

/**
 * An overlay would not do for /dev: in a user namespace it opens no devices, and it does not show what is mounted inside. So a
 * folder takes its place that has the devices in a folder, and links to them. It is made elsewhere, because `mount --all` leaves
 * out what was mounted there before.
 */
function coverDevices(
  covered: string,
  place: string,
  isPresent: (path: string) => boolean,
): { readonly made: readonly Made[]; readonly mounts: readonly MountStep[] } {
  const inside = ["pts", "shm", "mqueue"].filter((name) => isPresent(`/dev/${name}`));
  return {
    made: [".seaworthy", ...inside].map((name) => ({ make: "folder", path: `${place}/${name}` })),
    mounts: [
      bindAll(covered, `${place}/.seaworthy`),
      ...inside.map((name) => bindAll(`${covered}/${name}`, `${place}/${name}`)),
      bindAll(place, covered),
    ],
  };
}

function newRoot(root: string, stage: string, machine: MachinePaths): MountStep[] {
  const entries = machine.topEntries();
  const links = entries.filter(({ kind }) => kind === "link").map(({ name }) => `/${name}`);
  const others = entries.flatMap(({ name, kind }) => (kind === "link" ? [] : [{ path: `/${name}`, kind }]));
  return [
    { make: "folder", path: root },
    tmpfs(root),
    ...others.map(({ path, kind }): MountStep => ({ make: kind, path: `${root}${path}` })),
    ...(links.length === 0 ? [] : [{ copyLinks: links, to: root }]),
    ...others.filter(({ path }) => path !== stage).map(({ path }) => bindAll(path, `${root}${path}`)),
  ];
}

/** A folder of the machine that nothing uses while the mounts are made. */
function chooseStage(mounts: readonly Mount[], isPresent: (path: string) => boolean): string {
  const used = mounts.flatMap((mount) => [mount.mountPath, mount.hostPath]);
  const free = ["/media", "/srv", "/mnt", "/opt", "/boot", "/sys"].find(
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
