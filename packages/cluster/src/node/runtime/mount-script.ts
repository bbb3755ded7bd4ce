import type { MountPlan, MountStep } from "./mount-plan.ts";

/**
 * A shell script that does the steps of a plan. It starts few programs, because each costs a millisecond or two and ten
 * containers of a rollout start at once: neighbouring mounts are lines of one table for `mount --all`.
 * The shell calls `fail PATH` for what cannot be mounted.
 */
export function mountScript({ steps, stage }: MountPlan): string {
  const lines: string[] = [];
  let pending: MountStep[] = [];
  const flush = () => {
    if (pending.length > 0) lines.push(...render(pending, stage));
    pending = [];
  };
  for (const step of steps) {
    const [first] = pending;
    if (first !== undefined && sortOf(first) !== sortOf(step)) flush();
    pending.push(step);
  }
  flush();
  return lines.length === 0 ? "" : [functions, ...lines].join("\n");
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function sortOf(step: MountStep): string {
  return "make" in step ? step.make : (Object.keys(step)[0] ?? "");
}

function render(steps: readonly MountStep[], stage: string): string[] {
  const [step] = steps;
  if (step === undefined) return [];
  if ("make" in step) return [make(steps.flatMap((each) => ("make" in each ? [each] : [])))];
  if ("mount" in step)
    return [
      mountAll(
        stage,
        steps.flatMap((each) => ("mount" in each ? [each] : [])),
      ),
    ];
  if ("makeReadOnly" in step)
    return [
      makeReadOnly(
        stage,
        steps.flatMap((each) => ("makeReadOnly" in each ? [each.makeReadOnly] : [])),
      ),
    ];
  if ("unmount" in step)
    return [
      `umount -l ${steps.flatMap((each) => ("unmount" in each ? [quote(each.unmount)] : [])).join(" ")}`,
    ];
  return steps.map((each) => one(each, stage));
}

function make(steps: readonly Extract<MountStep, { make: string }>[]): string {
  const paths = steps.map(({ path }) => quote(path)).join(" ");
  return `make_${steps[0]?.make}s ${paths}`;
}

/** https://man7.org/linux/man-pages/man5/fstab.5.html */
function mountAll(stage: string, mounts: readonly Extract<MountStep, { mount: string }>[]): string {
  const [first] = mounts;
  // Before the first tmpfs there is no place for a table.
  if (mounts.length === 1 && first !== undefined)
    return `mount -t ${first.type} -o ${first.options} ${quote(first.mount)} ${quote(first.at)} || fail ${quote(first.at)}`;
  const rows = mounts.map(({ mount, at, type, options }) =>
    quote(`${field(mount)} ${field(at)} ${type} ${options} 0 0`),
  );
  return `mount_all ${quote(`${stage}/table`)} ${rows.join(" ")}`;
}

function makeReadOnly(stage: string, paths: readonly string[]): string {
  // The source is only there to be none that is mounted already.
  const rows = paths.map((path) => quote(`seaworthy-read-only ${field(path)} none ${readOnly} 0 0`));
  return `make_read_only ${quote(`${stage}/table`)} ${rows.join(" ")}`;
}

function field(text: string): string {
  return text.replaceAll(/[\\\s]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

const readOnly = "remount,bind,ro";

function one(step: MountStep, stage: string): string {
  if ("cover" in step)
    return `cover ${quote(step.cover)} ${quote(step.stage)} ${step.access.mode} ${step.access.owner}`;
  if ("linkInto" in step) return `(cd ${quote(step.linkInto)} && ln -s .seaworthy/* .) || true`;
  if ("copyLinks" in step) return `cp -P ${step.copyLinks.map(quote).join(" ")} ${quote(`${step.to}/`)}`;
  if ("freeze" in step) return `freeze ${[stage, step.freeze, ...step.keep].map(quote).join(" ")}`;
  throw new Error(`no line for ${sortOf(step)}`);
}

// A mount that cannot read a table (busybox) says so by 1, and has mounted nothing then. In a user namespace a read-only remount must
// keep flags that are locked; a writable mount is the lesser evil.
const functions = `
umask 022
make_folders() { mkdir -p "$@" || fail "$1"; }
make_files() {
  for file in "$@"; do
    [ -e "$file" ] || { [ -d "\${file%/*}" ] || mkdir -p "\${file%/*}" && : >"$file"; } || fail "$file"
  done
}
mount_all() {
  table=$1; shift
  printf '%s\\n' "$@" >"$table"
  said=$(mount --all --fstab "$table" 2>&1) && return
  if [ $? != 1 ]; then said=\${said#mount: }; fail "\${said%%: *}"; fi
  for row in "$@"; do
    set -- $row
    mount -t "$3" -o "$4" "$(printf %b "$1")" "$(printf %b "$2")" || fail "$2"
  done
}
make_read_only() {
  table=$1; shift
  printf '%s\\n' "$@" >"$table"
  mount --all --fstab "$table" && return
  for row in "$@"; do
    set -- $row
    mount -o "$4" "$(printf %b "$2")" || true
  done
}
freeze() {
  stage=$1 top=$2; shift 2
  rows= options_of_top=
  while read -r _ _ _ _ at options _; do
    row="seaworthy-read-only $at none remount,bind,ro"
    case $at in *'\\'*) at=$(printf %b "$at") ;; esac
    [ -n "$top" ] || case $at in "$stage" | "$stage"/*) continue ;; esac
    case $at in
    "\${top:-/}") options_of_top=$options; continue ;;
    "$top"/dev | "$top"/dev/* | "$top"/proc | "$top"/proc/*) continue ;;
    "$top"/*) ;;
    *) continue ;;
    esac
    for kept in "$@"; do [ "$at" != "$kept" ] || continue 2; done
    case $options in ro | ro,*) continue ;; esac
    rows="$rows$row\${options#rw} 0 0
"
  done </proc/self/mountinfo
  if [ -n "$rows" ]; then
    printf %s "$rows" >"$stage/table"
    # What is mounted below something else cannot be found, by the app neither.
    mount --all --fstab "$stage/table" || [ $? != 1 ] || while read -r _ at _ options _; do
      mount -o "$options" "$(printf %b "$at")"
    done <"$stage/table"
  fi
  # \`mount --all\` passes over the root.
  case $options_of_top in '' | ro | ro,*) return ;; esac
  mount -o "remount,bind,ro\${options_of_top#rw}" "\${top:-/}" || fail "\${top:-/}"
}
cover() {
  [ "$3" = 755 ] || chmod "$3" "$2/up"
  [ "$4" = 0:0 ] || chown "$4" "$2/up"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/up,workdir=$2/work" "$1" && return
  mkdir "$2/old" && mount --rbind "$1" "$2/old" && mount -t tmpfs -o "mode=$3" tmpfs "$1" || fail "$1"
  cp -a "$2/up/." "$1/" && mkdir "$1/.seaworthy" && mount --rbind "$2/old" "$1/.seaworthy" || fail "$1"
  for entry in "$2"/old/* "$2"/old/.[!.]*; do
    # What was made there hides what is called so below.
    if [ -e "$entry" ] && [ ! -e "$1/\${entry##*/}" ]; then ln -s ".seaworthy/\${entry##*/}" "$1/"; fi
  done
}`;
