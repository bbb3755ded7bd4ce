import type { Container, Volume } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";

/** A mount that hides what the container runs. */
export const mountShadows = containerRule(
  {
    id: "mount-shadows",
    severity: "error",
    title: "a mounted volume hides what the container runs",
    why: `What is mounted at a directory takes the place of all that the image has there. When the command is in it, the container cannot start:
\`no such file or directory\`, for a file that is in the image. The same happens to a whole \`/etc\`, \`/usr\` or \`/bin\`.`,
    mend: "Mount at a directory of its own, or mount the single file with `subPath`.",
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/44815",
      "https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath",
    ],
    profile: "default",
  },
  function* ({ container }, { spec }) {
    for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
      if (mount.subPath !== undefined || mount.subPathExpr !== undefined) continue;
      const directory = mount.mountPath.replace(/\/+$/, "") || "/";
      const volume = (spec.volumes ?? []).find(({ name }) => name === mount.name);
      const isSystem = system.has(directory);
      const program = programsOf(container).find((path) =>
        path.startsWith(directory === "/" ? "/" : `${directory}/`),
      );
      if (!isSystem && (program === undefined || mayHold(volume, program.slice(directory.length + 1))))
        continue;
      yield {
        path: ["volumeMounts", index, "mountPath"],
        message: isSystem
          ? `volume ${mount.name} hides all that the image of container ${container.name} has in ${directory}`
          : `volume ${mount.name} hides ${program}, which container ${container.name} runs`,
        label: isSystem ? `all of ${directory} is hidden` : "the command is in this directory",
        next: ["mount it at another directory", "or mount single files, with subPath"],
      };
    }
  },
);

const system: ReadonlySet<string> = new Set([
  "/",
  "/bin",
  "/etc",
  "/lib",
  "/sbin",
  "/usr",
  "/usr/bin",
  "/usr/lib",
  "/usr/local",
  "/usr/local/bin",
]);

/** The files that a container says that it runs: its command, and the script that an interpreter is given. */
function programsOf({ command = [], args = [] }: Container): string[] {
  const [program, script] = [...command, ...args].filter((word) => !word.startsWith("-"));
  if (command.length === 0) return [];
  const isInterpreter = /(?:^|\/)(?:node|python[\d.]*|ruby|perl|php|java|sh|bash|deno|bun)$/.test(
    program ?? "",
  );
  return [program, isInterpreter ? script : undefined].filter(
    (each): each is string => each?.startsWith("/") === true && !/\s/.test(each),
  );
}

/** Whether a volume may have this file itself. Of a disk, and of an empty directory that another container fills, nobody knows. */
function mayHold(volume: Volume | undefined, file: string): boolean {
  const { configMap, secret } = volume ?? {};
  const items = configMap?.items ?? secret?.items;
  if (configMap === undefined && secret === undefined) return true;
  return !file.includes("/") && (items === undefined || items.some(({ path }) => path === file));
}
