import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { parseManifests, type Manifest } from "@seaworthy/kube";
import { checkHostAccess } from "./host-access.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "host-access-"));
  await mkdir(join(folder, "k8s", "data"), { recursive: true });
  await mkdir(join(folder, "k8s-secrets"));
  await writeFile(join(folder, "k8s", "data", "page.html"), "hello");
  await symlink("/etc", join(folder, "k8s", "etc"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A pod with these fields beside its containers. */
function pod(spec: object, container: object = {}): Manifest[] {
  return manifestsOf({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "c:1", ...container }], ...spec },
  });
}

function manifestsOf(object: object): Manifest[] {
  return parseManifests("k8s/p.json", JSON.stringify(object, undefined, 1));
}

function mounted(path: string, { readOnly = false, type = "" } = {}): Manifest[] {
  return pod(
    { volumes: [{ name: "v", hostPath: { path, ...(type === "" ? {} : { type }) } }] },
    { volumeMounts: [{ name: "v", mountPath: "/v", ...(readOnly ? { readOnly } : {}) }] },
  );
}

function check(manifests: readonly Manifest[], isAllowed = false): string | undefined {
  return checkHostAccess(manifests, { paths: ["k8s"], cwd: folder, isAllowed });
}

function refusal(manifests: readonly Manifest[]): SeaworthyError {
  try {
    check(manifests);
  } catch (error) {
    if (error instanceof SeaworthyError) return error;
  }
  return assert.fail("it was not refused");
}

describe("what pods ask of the host is refused at its field", () => {
  for (const [field, manifests] of [
    ["spec.hostNetwork", pod({ hostNetwork: true })],
    ["spec.hostPID", pod({ hostPID: true })],
    ["spec.hostIPC", pod({ hostIPC: true })],
    ["spec.containers[0].securityContext.privileged", pod({}, { securityContext: { privileged: true } })],
    ["spec.volumes[0].hostPath.path", mounted("/var/log", { readOnly: true })],
    ["spec.volumes[0].hostPath.path", mounted("/var/run/docker.sock")],
    ["spec.volumes[0].hostPath.path", mounted("relative")],
  ] as const)
    test(field, () => {
      const error = refusal(manifests);
      assert.equal(error.code, "SW1301");
      assert.equal(error.details.field, field);
      const line = error.details.place?.sourceLine ?? "";
      assert.ok(line.includes(field.split(".").at(-1)!), line);
    });

  test("in an init container, and in the template of a Deployment", () => {
    const template = {
      spec: {
        initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }],
        containers: [{ name: "c", image: "c" }],
      },
    };
    const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" }, spec: { template } };
    const field = "spec.template.spec.initContainers[0].securityContext.privileged";
    assert.equal(refusal(manifestsOf(object)).details.field, field);
  });
});

describe("reading what lies beside the manifests is allowed", () => {
  test("read only, below the folder that was given, and there already", () => {
    assert.equal(check(mounted(join(folder, "k8s", "data"), { readOnly: true })), undefined);
    assert.equal(check(mounted(join(folder, "k8s", "data", "page.html"), { readOnly: true })), undefined);
    assert.equal(check(mounted(join(folder, "k8s"), { readOnly: true })), undefined);
  });

  test("but not writing, not beside it, not by a link or dots that lead out of it, and not what is yet to be made", () => {
    const inside = join(folder, "k8s");
    refusal(mounted(join(inside, "data")));
    refusal(mounted(join(folder, "k8s-secrets"), { readOnly: true }));
    refusal(mounted(folder, { readOnly: true }));
    refusal(mounted(join(inside, "etc"), { readOnly: true }));
    refusal(mounted(`${inside}/../k8s-secrets`, { readOnly: true }));
    refusal(mounted(join(inside, "new"), { readOnly: true, type: "DirectoryOrCreate" }));
  });
});

test("with --allow-host all of it is told in one line, with places", () => {
  const manifests = pod(
    { hostNetwork: true, volumes: [{ name: "v", hostPath: { path: "/var/run/docker.sock" } }] },
    { securityContext: { privileged: true } },
  );
  assert.match(
    check(manifests, true) ?? "",
    /^these manifests use this machine itself: hostNetwork \(k8s\/p\.json:\d+\), hostPath \/var\/run\/docker\.sock, with which .* \(k8s\/p\.json:\d+\), privileged \(k8s\/p\.json:\d+\)$/,
  );
});

test("kinds that the embedded cluster does not run, and fields that are off, are left alone", () => {
  const object = {
    apiVersion: "example.com/v1",
    kind: "Fleet",
    metadata: { name: "d" },
    spec: { template: { spec: { hostNetwork: true, containers: [] } } },
  };
  assert.equal(check(manifestsOf(object)), undefined);
  assert.equal(check(pod({ hostNetwork: false }, { securityContext: { privileged: false } })), undefined);
  assert.equal(check(manifestsOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } })), undefined);
});
