import type { Container, FieldPath } from "@seaworthy/kube";

/** A program that starts another one and stays in front of it. */
export interface Launcher {
  readonly name: string;
  /** Where it is named, or its script is, from the container. */
  readonly field: FieldPath;
  /** The script of a shell. */
  readonly script: LauncherScript | undefined;
}

/** The script that a shell is given. */
export interface LauncherScript {
  /** The command that comes last, as far as that can be told. */
  readonly program: string;
  /** Whether `exec` can be written before it. */
  readonly isPlain: boolean;
  /** The script with `exec`, where it is one command that can be replaced without doubt. */
  readonly replaced: string | undefined;
}

/** The launcher that a container's command and args name; undefined where they do not, or the image decides. */
export function readLauncher({ command = [], args = [], image = "" }: Container): Launcher | undefined {
  const words = [...command, ...args];
  const fieldOf = (index: number): FieldPath =>
    index < command.length ? ["command", index] : ["args", index - command.length];
  const [first = ""] = words;
  const name = first.split("/").at(-1) ?? "";
  if (packageManagers.has(name)) return { name, field: fieldOf(0), script: undefined };
  if (!shells.has(name)) return undefined;
  const flag = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const text = flag === -1 ? undefined : words[flag + 1];
  if (text === undefined || /\b(exec|trap|tini|dumb-init)\b/.test(text)) return undefined;
  if (replacesItself(name, image) && isPlain(lastCommand(text))) return undefined;
  const program = lastCommand(text);
  return {
    name: `${name} -c`,
    field: fieldOf(flag + 1),
    script: { program, isPlain: isPlain(program), replaced: isSingle(text) ? `exec ${text}` : undefined },
  };
}

const packageManagers = new Set(["npm", "npx", "yarn", "pnpm"]);
const shells = new Set(["sh", "bash", "ash", "dash"]);

/** bash and the shell of busybox run the last command in their own place; dash does not, which is the sh of Debian. */
function replacesItself(shell: string, image: string): boolean {
  return shell === "bash" || shell === "ash" || /alpine|busybox/.test(image);
}

function lastCommand(script: string): string {
  const commands = script
    .split(/&&|\|\||;|\n/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return commands.at(-1) ?? "";
}

function isPlain(command: string): boolean {
  return !/[|&<>]/.test(command) && !/^(done|fi|wait)\b/.test(command);
}

/** One program with its arguments, and nothing that only a shell can do. */
function isSingle(script: string): boolean {
  return (
    /^[\w./-]+( [^;&|<>()`\n]*)?$/.test(script) &&
    !/^(cd|echo|export|eval|set|source|\.|test|while|for|if|until)\b/.test(script)
  );
}
