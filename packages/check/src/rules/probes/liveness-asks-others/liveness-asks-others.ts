import { containerRule } from "../../../make-rule.ts";

/** A container that is killed when something that it depends on is down. */
export const livenessAsksOthers = containerRule(
  {
    id: "liveness-asks-others",
    severity: "warning",
    title: "liveness asks for more than whether the process is stuck",
    why: `When the liveness probe asks whether the app is ready, or reaches its database, a slow database has every pod of
every app killed at once, and again and again: a restart mends nothing, and their new connections make the database
slower. 80 % of an API went down so, with the database at 500 ms and a probe that waited 1 s.`,
    mend: `Let liveness ask a path that looks at the process only (\`/livez\`); what others do is the question of readiness, if
of any.`,
    sources: [
      "https://www.vdnt.click/blog/k8s-liveness-probes",
      "https://github.com/zegl/kube-score/blob/master/README_PROBES.md",
    ],
    profile: "default",
  },
  function* look({ container }) {
    const { livenessProbe, readinessProbe } = container;
    const path = livenessProbe?.httpGet?.path;
    const command = livenessProbe?.exec?.command?.join(" ") ?? "";
    const field = path === undefined ? ["exec", "command"] : ["httpGet", "path"];
    const asked = path === undefined ? otherIn(command) : subjectOf(path);
    if (asked === undefined) return;
    // The same question for both is the matter of liveness-like-readiness.
    if (path !== undefined && readinessProbe?.httpGet?.path === path) return;
    yield {
      path: ["livenessProbe", ...field],
      message: `container ${container.name} is killed when ${asked}`,
      label: "a restart does not mend this",
      next: ["livenessProbe.httpGet.path: a path that looks at the process only, as /livez"],
    };
  },
);

/** What the last word of a path asks for; undefined where nothing is known of it. */
function subjectOf(path: string): string | undefined {
  const words = path
    .toLowerCase()
    .split(/[?#]/)[0]!
    .split(/[/._-]/);
  if (words.some((word) => /^(ready|readyz|readiness|isready)$/.test(word)))
    return `it is not ready: ${path}`;
  const other = words.find((word) => others.has(word));
  return other === undefined ? undefined : `what it depends on is down: ${path}`;
}

const others = new Set([
  "db",
  "database",
  "redis",
  "mysql",
  "postgres",
  "kafka",
  "deps",
  "dependencies",
  "deep",
  "downstream",
  "full",
]);

/** A client of another system that is asked through the network. */
function otherIn(command: string): string | undefined {
  const host =
    /\b(?:psql|pg_isready|mysqladmin|mysql|redis-cli|mongosh?)\b.* (?:-h|--host)[ =]?([\w.-]+)/.exec(
      command,
    )?.[1];
  return host === undefined || /^(localhost|127\.|::1)/.test(host) ? undefined : `${host} does not answer`;
}
