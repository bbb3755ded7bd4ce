import assert from "node:assert/strict";
import { test } from "node:test";
import { planMounts } from "./mount-plan.ts";
import { mountScript } from "./mount-script.ts";

/** Plans mounts of folders on a machine that has these paths. */
function planOn(
  present: readonly string[],
  mountPaths: readonly string[],
  readOnly = false,
  readOnlyRoot = false,
) {
  const paths = new Set(["/", "/media", ...present]);
  const mounts = mountPaths.map((mountPath) => ({ hostPath: "/data/v", mountPath, readOnly }));
  const machine = {
    isPresent: (path: string) => paths.has(path),
    isFile: () => false,
    access: (path: string) => ({ mode: path === "/tmp" ? "1777" : "755", owner: "0:0" }),
    realPath: (path: string) => path.replace(/^\/var\/run/, "/run"),
    topEntries: () => [
      { name: "bin", kind: "link" as const },
      { name: "etc", kind: "folder" as const },
      { name: "media", kind: "folder" as const },
    ],
  };
  return planMounts(mounts, machine, { withProc: true, readOnlyRoot });
}

const covered = (plan: ReturnType<typeof planOn>) =>
  plan.steps.flatMap((step) => ("cover" in step ? [step.cover] : []));

test("mounts an existing folder directly and covers the parent of a missing one", () => {
  const present = ["/etc", "/etc/app"];
  assert.deepEqual(covered(planOn(present, ["/etc/app"])), []);
  assert.deepEqual(covered(planOn(present, ["/etc/other/deep"])), ["/etc"]);
  assert.equal(planOn(present, ["/config"]).root, "/media/root");
});

test("mounts where a link leads, and not through it, because in a new root it would lead out of it", () => {
  const plan = planOn(["/run", "/var", "/var/run"], ["/new", "/var/run/secrets/token"]);
  assert.deepEqual(covered(plan), ["/media/root/run"]);
  assert.doesNotMatch(mountScript(plan), /var\/run/);
});

test("a folder is covered before anything is mounted in it: a volume at /etc/shop leaves /etc/resolv.conf as it is", () => {
  const present = ["/etc", "/etc/resolv.conf", "/etc/shop.d"];
  const paths = ["/etc/resolv.conf", "/etc/shop.d", "/etc/shop", "/etc/shop.d/more", "/etc/other/deep/down"];
  for (const order of [paths, paths.toReversed()]) {
    const plan = planOn(present, order);
    assert.deepEqual(covered(plan), ["/etc"]);
    const cover = plan.steps.findIndex((step) => "cover" in step);
    const first = plan.steps.findIndex((step) => "mount" in step && step.at.startsWith("/etc/"));
    assert.ok(cover < first, `${cover} < ${first}`);
  }
});

test("of folders in one another the topmost is covered", () => {
  const present = ["/etc", "/etc/q", "/etc/q/r"];
  assert.deepEqual(covered(planOn(present, ["/etc/q/r/new", "/etc/a/b/c/d"])), ["/etc"]);
  assert.deepEqual(covered(planOn(present, ["/etc/q/r/new", "/etc/q/s"])), ["/etc/q"]);
});

test("what is mounted inside of another mount has its place made there, after that one", () => {
  const { steps } = planOn(["/etc", "/etc/app"], ["/etc/app", "/etc/app/conf.d", "/etc/app/conf.d/extra"]);
  const inside = steps.flatMap((step) =>
    "make" in step ? [`make ${step.path}`] : "mount" in step ? [`mount ${step.at}`] : [],
  );
  assert.deepEqual(
    inside.filter((each) => each.includes("/etc/")),
    [
      "mount /etc/app",
      "make /etc/app/conf.d",
      "mount /etc/app/conf.d",
      "make /etc/app/conf.d/extra",
      "mount /etc/app/conf.d/extra",
    ],
  );
});

test("mounts that are neighbours are one table, whatever their paths are called", () => {
  const script = mountScript(planOn(["/etc", "/etc/a b", "/etc/c\\d"], ["/etc/a b", "/etc/c\\d"]));
  assert.equal(script.match(/^mount_all /gm)?.length, 1);
  assert.match(script, /\/etc\/a\\040b none bind/);
  assert.match(script, /\/etc\/c\\134d none bind/);
});

test("a new /dev takes one run of each program: what is in it is made before, and mounted with all else", () => {
  const plan = planOn(["/dev", "/dev/pts", "/etc", "/etc/hosts"], ["/dev/termination-log", "/etc/hosts"]);
  const lines = mountScript(plan).split("\n");
  const programs = lines.filter((line) => /^(make_folders|mount|mount_all|umount|\(cd) /.test(line));
  assert.deepEqual(
    programs.map((line) => line.split(" ").slice(0, 2).join(" ")),
    ["mount -t", "make_folders '/media/s0'", "mount_all '/media/table'", "(cd '/dev'", "umount -l"],
  );
  assert.match(mountScript(plan), /^make_folders .*'\/media\/d\d\/termination-log'/m);
});

test("what is made in a covered folder is made before with all else, and all is mounted by one table", () => {
  const present = ["/run", "/dev", "/dev/pts", "/etc", "/etc/hosts"];
  const paths = ["/etc/hosts", "/dev/termination-log", "/run/secrets/token"];
  const script = mountScript(planOn(present, paths));
  const programs = script
    .split("\n")
    .filter((line) => /^(make_folders|mount|mount_all|cover|umount|\(cd) /.test(line))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(programs, [
    "mount -t",
    "make_folders '/media/s0'",
    "cover '/run'",
    "mount_all '/media/table'",
    "(cd '/dev'",
    "umount -l",
  ]);
  assert.match(script, /^make_folders .*'\/media\/c0\/up\/secrets\/token'/m);
  // Where the covered folder holds a source, that is bound before.
  const hidden = mountScript(planOn([...present, "/data"], ["/data/new"]));
  assert.ok(hidden.indexOf("/data/v /media/s0") < hidden.indexOf("\ncover '/data'"), hidden);
});

test("all that is read only is made so by one run, behind all mounts", () => {
  const script = mountScript(planOn(["/etc", "/etc/a b", "/etc/c"], ["/etc/a b", "/etc/c"], true));
  const lines = script.split("\n").slice(-3);
  assert.match(lines[0] ?? "", /^mount_all /);
  const row = (path: string) => `'seaworthy-read-only ${path} none remount,bind,ro 0 0'`;
  assert.equal(lines[1], `make_read_only '/media/table' ${row("/etc/a\\040b")} ${row("/etc/c")}`);
  assert.equal(lines[2], "umount -l '/media'");
});

test("a root is made read only at the very end, but for what is mounted to be written", () => {
  const plan = planOn(["/tmp"], ["/tmp", "/data"], false, true);
  assert.deepEqual(plan.steps.at(-1), {
    freeze: "/media/root",
    keep: ["/media/root/tmp", "/media/root/data"],
  });
  // A table of mounts needs the stage, which leaves last.
  for (const { steps, stage } of [planOn(["/tmp"], ["/tmp"], true, true), planOn([], [], false, true)])
    assert.deepEqual(steps.slice(-2), [{ freeze: "", keep: [] }, { unmount: stage }]);
});
