import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { Exec, KubeConfig, type V1Status } from "@kubernetes/client-node";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: one}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: app
      stdin: true
      args: [-e, "process.stdin.on('data', (data) => console.log('heard ' + String(data).trim())); console.log('begun')"]
---
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  restartPolicy: Never
  containers:
    - {name: a, image: app, args: [-e, "setInterval(() => {}, 1e9)"]}
    - {name: b, image: app, args: [-e, ""]}
---
apiVersion: v1
kind: Pod
metadata: {name: unscheduled}
spec: {nodeSelector: {none: such}, containers: [{name: app, image: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stand-in}
spec: {containers: [{name: app, image: shop}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: looks}
rules: [{apiGroups: [""], resources: [pods, pods/exec], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: looks}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: looks}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}]
`;

const canMakeTerminals =
  process.platform === "linux" &&
  ["script", "setsid", "stty"].every((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0);

for (const runtime of ["namespace", "shim"] as const)
  describe(`kubectl talks to containers (${runtime})`, { skip, timeout: 180_000 }, () => {
    let fixture: KubectlCluster;
    before(async (t) => {
      try {
        fixture = await startKubectlCluster(runtime);
      } catch (error) {
        if (runtime === "shim") throw error;
        // A kernel that allows no namespaces; the other half is tested.
        return (t as { skip?: (why: string) => void }).skip?.(String(error));
      }
      await fixture.apply(manifest);
      const running = ["pod/one", "pod/two", "pod/stand-in"];
      await fixture.kubectl(["wait", "--for=jsonpath={.status.phase}=Running", ...running, "--timeout=60s"]);
      const ended = "--for=jsonpath={.status.containerStatuses[1].state.terminated.exitCode}=0";
      await fixture.kubectl(["wait", ended, "pod/two", "--timeout=60s"]);
    });
    after(() => fixture[Symbol.asyncDispose]());

    for (const [protocol, webSockets] of [
      ["WebSockets", "true"],
      ["SPDY", "false"],
    ] as const)
      describe(`over ${protocol}`, () => {
        const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSockets };
        const exec = (words: readonly string[], input?: string) =>
          fixture.kubectl(["exec", ...words], { env, ...(input === undefined ? {} : { input }) });

        test("a command's outputs and its exit code", async () => {
          const answer = await exec(["one", "--", "sh", "-c", "echo out; echo err >&2; exit 3"]);
          assert.deepEqual(answer, {
            code: 3,
            out: "out\n",
            err: "err\ncommand terminated with exit code 3\n",
          });
          assert.equal((await exec(["one", "--", "sh", "-c", "kill -9 $$"])).code, 137);
        });

        test("a command reads its input to the end", async () => {
          const answer = await exec(["-i", "one", "--", "sh", "-c", "cat; echo done; exit 5"], "a\nb\n");
          assert.equal(answer.out, "a\nb\ndone\n");
          assert.equal(answer.code, 5);
          assert.deepEqual(await exec(["-i", "one", "--", "cat"], ""), { code: 0, out: "", err: "" });
          assert.equal((await exec(["one", "--", "cat"], "not for it")).out, "");
        });

        test("much goes in and out", async () => {
          const zeros = Buffer.alloc(20_000_000);
          const counted = await fixture.kubectl(["exec", "-i", "one", "--", "wc", "-c"], {
            env,
            input: zeros,
          });
          assert.equal(counted.out.trim(), "20000000");
          const { out } = await exec(["one", "--", "head", "-c", "20000000", "/dev/zero"]);
          assert.equal(out.length, 20_000_000);
        });

        test("a command that cannot be started is told of in the runtime's words", async () => {
          const start =
            /error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: /;
          for (const [command, why] of [
            ["nothere", '"nothere": executable file not found in $PATH'],
            ["/etc/passwd", '"/etc/passwd": permission denied'],
            ["/no/where", '"/no/where": stat /no/where: no such file or directory'],
            // A word of the shell only.
            ["cd", '"cd": executable file not found in $PATH'],
          ] as const) {
            const { code, err } = await exec(["one", "--", command]);
            assert.equal(code, 1);
            assert.match(err, start);
            assert.ok(err.trimEnd().endsWith(why), err);
          }
        });

        test("containers that do not run, and pods that are nowhere", async () => {
          const refusals: readonly [words: string[], err: string][] = [
            [["two", "-c", "b"], 'unable to upgrade connection: container not found ("b")'],
            [["two", "-c", "x"], "container x is not valid for pod two"],
            [["unscheduled"], "pod unscheduled does not have a host assigned"],
            [["nosuch"], 'Error from server (NotFound): pods "nosuch" not found'],
            [["stand-in"], "container app is a stand-in for the image shop, of which nothing is here"],
          ];
          for (const [words, expected] of refusals) {
            const { err } = await exec([...words, "--", "true"]);
            assert.ok(err.includes(expected), err);
          }
        });

        test("who goes away takes the command along", async () => {
          const child = fixture.start(["exec", "one", "--", "sh", "-c", "echo $$; exec sleep 4321"], { env });
          await once(child.stdout!, "data");
          child.kill("SIGKILL");
          await once(child, "exit");
          const look =
            "while grep -q '^sleep.4321' /proc/[0-9]*/cmdline; do sleep 0.05; done 2>/dev/null; echo gone";
          assert.equal((await exec(["one", "--", "sh", "-c", look])).out, "gone\n");
        });

        test("a terminal", { skip: canMakeTerminals ? false : "no script, setsid or stty" }, async () => {
          // The size of the window comes after the command has begun.
          const inside =
            "test -t 0 && test -t 1 && while [ \"$(stty size)\" = '0 0' ]; do sleep 0.05; done; stty size; exit 4";
          const { code, out } = await fixture.inTerminal(
            { columns: 91, rows: 33 },
            ["exec", "-it", "one", "--", "sh", "-c", inside],
            { env },
          );
          assert.match(out, /33 91\r?$/m);
          assert.equal(code, 4);
        });

        test("cp into a container and back", async () => {
          const text = Array.from({ length: 100_000 }, (_, n) => `${n}\n`).join("");
          const [there, back] = [join(fixture.folder, "there"), join(fixture.folder, "back")];
          await writeFile(join(fixture.folder, "in"), text);
          for (const words of [
            [join(fixture.folder, "in"), `one:${there}`],
            [`one:${there}`, back],
          ])
            assert.equal((await fixture.kubectl(["cp", ...words], { env })).code, 0);
          assert.equal(await readFile(back, "utf8"), text);
        });

        test("attach hears what a container writes from now on, and speaks to it", async () => {
          const child = fixture.start(["attach", "-i", "one"], { env });
          let out = "";
          child.stdout!.on("data", (chunk: Buffer) => (out += String(chunk)));
          child.stdin!.write("hello\n");
          while (!out.includes("heard hello")) await once(child.stdout!, "data");
          assert.ok(!out.includes("begun"), out);
          child.stdin!.end();
          assert.deepEqual(await once(child, "exit"), [0, null]);
          const { err } = await fixture.kubectl(["attach", "two", "-c", "b"], { env });
          assert.match(err, /container b not found in pod two_default|cannot attach a container/);
        });
      });

    test("who may only get pods/exec may not exec", async () => {
      const { err } = await fixture.kubectl(["exec", "one", "--as=jane", "--", "true"]);
      assert.match(
        err,
        /User "jane" cannot create resource "pods\/exec" in API group "" in the namespace "default"/,
      );
    });

    test("the official JavaScript client runs a command", async () => {
      const config = new KubeConfig();
      config.loadFromFile(fixture.cluster.kubeconfigPath);
      const [stdin, stdout] = [new PassThrough(), new PassThrough()];
      let out = "";
      stdout.on("data", (chunk: Buffer) => (out += String(chunk)));
      const status = await new Promise<V1Status>((resolve, reject) => {
        const command = ["sh", "-c", "read line; echo got $line; exit 6"];
        new Exec(config)
          .exec("default", "one", "app", command, stdout, null, stdin, false, resolve)
          .catch(reject);
        stdin.write("it\n");
      });
      assert.equal(out, "got it\n");
      assert.equal(status.details?.causes?.[0]?.message, "6");
    });
  });
