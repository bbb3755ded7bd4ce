import assert from "node:assert/strict";
import { test } from "node:test";
import { firstUnreadable, type Access } from "./first-unreadable.ts";

const user = { uid: 1000, gid: 1000, groups: [50] };

function unreadable(files: Readonly<Record<string, Access>>, path: string) {
  const open = { uid: 0, gid: 0, mode: 0o755 };
  return firstUnreadable([path], user, (each) => files[each] ?? open);
}

test("a file is read by its owner, its group or all, whichever comes first", () => {
  const of = (uid: number, gid: number, mode: number) => unreadable({ "/a/f": { uid, gid, mode } }, "/a/f");
  assert.equal(of(0, 0, 0o604), undefined);
  assert.equal(of(0, 0, 0o640), "/a/f");
  assert.equal(of(0, 50, 0o640), undefined);
  assert.equal(of(1000, 0, 0o400), undefined);
  assert.equal(of(1000, 0, 0o044), "/a/f");
});

test("all folders above must let one through", () => {
  assert.equal(
    unreadable({ "/root": { uid: 0, gid: 0, mode: 0o700 } }, "/root/app/server.js"),
    "/root/app/server.js",
  );
  assert.equal(unreadable({ "/root": { uid: 0, gid: 0, mode: 0o711 } }, "/root/app/server.js"), undefined);
});

test("root may read everything", () => {
  const closed = () => ({ uid: 5, gid: 5, mode: 0 });
  assert.equal(firstUnreadable(["/a"], { uid: 0, gid: 0, groups: [] }, closed), undefined);
});
