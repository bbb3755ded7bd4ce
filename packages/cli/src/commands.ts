import { checkFlags } from "./check/check-flags.ts";
import { defineCommand, type Command, type FlagDefinition } from "./command.ts";
import { loadFlags } from "./load-flags.ts";
import { mixFlags } from "./requests/mix-flags.ts";

const output: FlagDefinition = {
  type: "string",
  value: "json|text",
  text: "json: data on stdout, nothing else there",
  choices: ["json", "text"],
};
const run: FlagDefinition = {
  type: "string",
  multiple: true,
  value: "IMAGE=COMMAND",
  text: "the entrypoint of an image on this machine (repeatable)",
};
const profile: FlagDefinition = {
  type: "string",
  value: "NAME",
  text: "how late pods and routes are",
  choices: ["instant", "ingress-nginx", "envoy", "traefik", "cloud-lb"],
};
const seed: FlagDefinition = { type: "string", value: "N", text: "seed of every random choice (default 1)" };
const standIn: FlagDefinition = {
  type: "string",
  value: "exit|ignore|drain[:TIME][,start:TIME]",
  text: "what stand-ins do on SIGTERM (default exit), how long they drain (2 s) and start (0.5 s)",
};
const allowHost: FlagDefinition = {
  type: "boolean",
  text: "let pods use hostPath, hostNetwork and the like on this machine, and its ports (host.docker.internal)",
};
const namespace: FlagDefinition = {
  type: "string",
  short: "n",
  value: "NAME",
  text: "where objects go that name no namespace",
};
const dataDir: FlagDefinition = {
  type: "string",
  value: "DIR",
  text: "keep the cluster here, and go on with it at the next start (default: in memory)",
};
const verbose: FlagDefinition = { type: "boolean", text: "all names in a notice, not only the first few" };
/** The flags of every command with an embedded cluster, and which profile is the usual one there. */
const embedded = (usualProfile: string) => ({
  run,
  profile: { ...profile, text: `${profile.text} (default ${usualProfile})` },
  seed,
  "stand-in": standIn,
});

/** What is asked of a service. */
const asked: Readonly<Record<string, FlagDefinition>> = {
  path: {
    type: "string",
    value: "PATH",
    text: "the request path (default: found in the Ingress and the probes)",
  },
  ...mixFlags,
  host: { type: "string", value: "HOST", text: "the Host header (default: found in the Ingress)" },
};

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  defineCommand(
    {
      name: "trial",
      summary: "Prove that a service loses no request while it is rolled, scaled, drained and killed.",
      args: "[PATH…|-]",
      flags: {
        ...embedded("ingress-nginx"),
        to: {
          type: "string",
          multiple: true,
          value: "PATH",
          text: "the manifests of the next version: released, judged, and taken back (repeatable)",
        },
        scenario: {
          type: "string",
          multiple: true,
          value: "NAME",
          text: "soak, rollout, release, config-change, scale, hpa, node-drain, bad-release, bad-answers, pod-kill, node-loss, edge-restart, or all",
        },
        "bad-image": {
          type: "string",
          value: "IMAGE",
          text: "what bad-answers releases: ready, and answering users badly (default: a stand-in)",
        },
        edge: {
          type: "string",
          value: "NS/NAME",
          text: "with --kubeconfig: the Deployment or DaemonSet that edge-restart restarts",
        },
        confidence: {
          type: "string",
          value: "P%",
          text: "roll until few enough pod ends can lose a request (default 10%, within a minute)",
        },
        rounds: {
          type: "string",
          value: "N",
          text: "how often each change is made (default: as --confidence asks)",
        },
        rate: { type: "string", value: "N", text: "requests per second over all targets (default 300)" },
        ...asked,
        namespace,
        "allow-host": allowHost,
        kubeconfig: {
          type: "string",
          value: "FILE",
          text: "try it on this cluster instead of the embedded one",
        },
        context: { type: "string", value: "NAME", text: "which context of the kubeconfig" },
        url: {
          type: "string",
          multiple: true,
          value: "URL",
          text: "where the load goes on that cluster (repeatable)",
        },
        "source-address": {
          type: "string",
          multiple: true,
          value: "A,B",
          text: "local addresses that the load comes from",
        },
        timeout: {
          type: "string",
          value: "SECONDS",
          text: "how long without progress is stuck (default 60)",
        },
        keep: {
          type: "boolean",
          text: "keep the embedded cluster until Ctrl-C; on a --kubeconfig cluster leave what was created",
        },
        report: {
          type: "string",
          value: "FILE",
          text: "the report with the whole timeline, and the page beside it (default seaworthy-report.json)",
        },
        "no-page": { type: "boolean", text: "write no page, the JSON only" },
        suggest: {
          type: "boolean",
          text: "print the times of pods that were measured, and the fields that follow from them, as a patch",
        },
        fix: { type: "boolean", text: "write these fields into the manifests" },
        verbose,
        output: {
          ...output,
          value: "json|markdown|text",
          text: "json or markdown: on stdout, nothing else there",
          choices: ["json", "markdown", "text"],
        },
      },
      examples: [
        ["seaworthy trial k8s/", "your manifests on the embedded cluster, at most about two minutes"],
        ['seaworthy trial k8s/ --run shop="node dist/server.js"', "with your process instead of a stand-in"],
        [
          "seaworthy trial k8s/ --kubeconfig FILE --url http://10.0.0.7 --host shop.example",
          "on a real cluster",
        ],
        ["helm template . | seaworthy trial -", "manifests from stdin"],
        ["seaworthy trial old/ --to new/", "from the manifests of now to those of tomorrow, and back"],
        [
          "seaworthy trial k8s/ --scenario all",
          "rollouts, drained and lost nodes, killed pods, bad releases …",
        ],
        ["seaworthy trial k8s/ --confidence 5%", "60 pod ends, however long they take"],
        ["seaworthy trial k8s/ --replay access.log", "under the requests of a recorded day, by their shares"],
        ["seaworthy trial k8s/ --suggest > patch.yaml", "preStop, grace and minReadySeconds, measured"],
        ["seaworthy trial k8s/ --output json | jq .verdict", "the verdict as data"],
      ],
    },
    () => import("./commands/trial.ts"),
  ),
  defineCommand(
    {
      name: "report",
      summary: "Show the report of a trial as a page, or compare two of them.",
      args: "FILE.json [LATER.json]",
      flags: {
        page: { type: "string", value: "FILE", text: "where the page goes (default beside the file)" },
        output: {
          type: "string",
          value: "text|markdown|json|junit|badge",
          text: "what goes to stdout in place of the page; of two files text, markdown or json",
          choices: ["text", "markdown", "json", "junit", "badge"],
        },
      },
      examples: [
        ["seaworthy report seaworthy-report.json", "the page, which needs no network"],
        ["seaworthy report before.json after.json", "verdict, losses by cause and latency side by side"],
        ["seaworthy report before.json after.json --output markdown", "the same for a pull request"],
        ["seaworthy report seaworthy-report.json --output badge > badge.svg", "a badge"],
      ],
    },
    () => import("./commands/report.ts"),
  ),
  defineCommand(
    {
      name: "check",
      summary: "Find what breaks production in manifests, at its line, with its fix.",
      args: "[PATH…|-]",
      flags: checkFlags,
      examples: [
        ["seaworthy check k8s/", "what is wrong, where, why, and what to write instead"],
        ["seaworthy check 'k8s/**/*.yaml' charts/shop", "globs, overlays and charts, too"],
        ["seaworthy check --kubeconfig ~/.kube/config --namespace shop", "what runs already"],
        ["seaworthy check k8s/ --watch", "again with each change"],
        ["seaworthy check k8s/ --fix --dry-run", "what would be mended, as a diff"],
        ["seaworthy check k8s/ --prove", "how many requests a rollout loses as it is, and as fixed"],
        ["seaworthy check k8s/ --output sarif > check.sarif", "for code scanning"],
        ["seaworthy check --explain no-drain", "why, how to mend it, and examples"],
      ],
    },
    () => import("./commands/check.ts"),
  ),
  defineCommand(
    {
      name: "load",
      summary: "Send requests on a schedule and account for every one of them.",
      args: "URL…",
      flags: loadFlags,
      examples: [
        ["seaworthy load http://127.0.0.1:8080/", "100 requests/s for 10 s"],
        ["seaworthy load URL --stage 0..500:30s --stage 500:2m", "rise to 500/s, then stay"],
        ["seaworthy load URL --mix seaworthy.yaml", "what its trial.requests says that users ask"],
        ["seaworthy load URL --client keep-alive --client new-connection", "half of them on new connections"],
        [
          "kubectl logs deploy/shop | seaworthy load URL --replay -",
          "what an access log says that users asked",
        ],
        ["seaworthy load URL --openapi openapi.yaml", "every GET operation that can be asked"],
        [
          "seaworthy load URL --html load.html --failures lost.csv",
          "a page with charts, each failure in a table",
        ],
        ["seaworthy load URL --output json | jq .classes", "the report as data"],
      ],
    },
    () => import("./commands/load.ts"),
  ),
  defineCommand(
    {
      name: "size",
      summary: "Find out what one pod serves, and compute requests, limits and replicas from it.",
      args: "[PATH…|-]",
      flags: {
        run,
        seed,
        rate: {
          type: "string",
          value: "N",
          text: "requests per second that all pods are to serve (default: what the manifest's replicas do)",
        },
        p99: {
          type: "string",
          value: "TIME",
          text: "how long the 99th percentile of answers may take (default 100ms)",
        },
        growth: {
          type: "string",
          value: "PERCENT",
          text: "by how much load grows in a minute, for the autoscaler (default 50)",
        },
        hold: { type: "string", value: "SECONDS", text: "how long each rate is offered (default 10)" },
        most: { type: "string", value: "N", text: "the highest rate that is offered (default 20000)" },
        deployment: {
          type: "string",
          value: "NAME",
          text: "which one, where routes lead to several Deployments",
        },
        ...asked,
        namespace,
        "allow-host": allowHost,
        timeout: {
          type: "string",
          value: "SECONDS",
          text: "how long without progress is stuck (default 60)",
        },
        verbose,
        output: {
          type: "string",
          value: "json|patch|text",
          text: "json or patch: on stdout, nothing else there",
          choices: ["json", "patch", "text"],
        },
      },
      examples: [
        ['seaworthy size k8s/ --run shop="node dist/server.js"', "what one pod serves, in some minutes"],
        ["seaworthy size k8s/ --rate 2000 --p99 50ms", "for 2,000 requests/s, 99 % of them within 50 ms"],
        ["seaworthy size k8s/ --output patch > patch.yaml", "a patch for kubectl and kustomize"],
        ["seaworthy size k8s/ --output json | jq .knee", "the result as data"],
      ],
    },
    () => import("./commands/size.ts"),
  ),
  defineCommand(
    {
      name: "up",
      summary: "Apply manifests to an embedded cluster and keep it running.",
      args: "[PATH…|-]",
      flags: {
        ...embedded("instant"),
        namespace,
        "allow-host": allowHost,
        speed: {
          type: "string",
          value: "N",
          text: "how many times as fast the control plane's clock goes (default 1)",
        },
        port: { type: "string", value: "N", text: "port of the Ingress on 127.0.0.1 (default: a free one)" },
        "tls-port": {
          type: "string",
          value: "N",
          text: "port of the Ingress in TLS on 127.0.0.1 (default: a free one)",
        },
        "data-dir": dataDir,
        timeout: {
          type: "string",
          value: "SECONDS",
          text: "how long without progress is stuck (default 60)",
        },
        keep: { type: "boolean", text: "keep the cluster until Ctrl-C also when something never gets ready" },
        verbose,
      },
      examples: [
        ["seaworthy up k8s/", "apply, wait until ready, print the URLs"],
        [
          'seaworthy up k8s/ --run shop="node dist/server.js" --port 8080',
          "with your process, at a fixed port",
        ],
      ],
    },
    () => import("./commands/up.ts"),
  ),
  defineCommand(
    {
      name: "cluster",
      summary: "Run the bare embedded cluster, for kubectl and other tools.",
      args: "",
      flags: {
        ...embedded("instant"),
        port: {
          type: "string",
          value: "N",
          text: "port of the API server on 127.0.0.1 (default: a free one)",
        },
        "ingress-port": {
          type: "string",
          value: "N",
          text: "port of the Ingress on 127.0.0.1 (default: a free one)",
        },
        "ingress-tls-port": {
          type: "string",
          value: "N",
          text: "port of the Ingress in TLS on 127.0.0.1 (default: a free one)",
        },
        nodes: { type: "string", value: "N", text: "how many virtual nodes (default 3)" },
        "hollow-nodes": {
          type: "string",
          value: "N",
          text: "further nodes, whose pods run nothing and say that they are ready",
        },
        "allow-host": {
          type: "boolean",
          text: "let pods connect to this machine's own ports, as host.docker.internal",
        },
        "data-dir": dataDir,
        output,
      },
      examples: [
        ["seaworthy cluster", "prints the kubeconfig's path, runs until Ctrl-C"],
        ["seaworthy cluster --port 6443", "the API server at a fixed port"],
        ["seaworthy cluster --data-dir ~/.dev-cluster", "objects, volumes and kubeconfig stay"],
      ],
    },
    () => import("./commands/cluster.ts"),
  ),
];
