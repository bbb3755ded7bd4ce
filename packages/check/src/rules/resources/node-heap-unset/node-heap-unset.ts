import { imageReference, type Container } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { limitOf } from "../../../objects/containers/container-resources.ts";
import { advisedHeap, bytesOf, findHeapOption, mebibytes } from "../heap-option.ts";

/** A Node.js server that uses half of its memory at most. */
export const nodeHeapUnset = containerRule(
  {
    id: "node-heap-unset",
    severity: "advice",
    title: "Node.js uses half of its container's memory at most",
    why: `Without \`--max-old-space-size\`, Node.js lets its heap grow to about half of the container's memory, and to 2 GiB
at most: it collects garbage all the time, and then ends with "heap out of memory", while the other half was never used.`,
    mend: `\`NODE_OPTIONS: --max-old-space-size=…\` with three quarters of the memory limit in MiB, or, with a new Node.js,
\`--max-old-space-size-percentage=75\`.`,
    sources: [
      "https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib",
      "https://developers.redhat.com/articles/2025/10/10/nodejs-20-memory-management-containers",
    ],
    profile: "strict",
  },
  function* look(source, pod, set) {
    const limit = limitOf(source, pod, set, "memory");
    if (limit === undefined || source.role === "init" || !runsNode(source.container)) return;
    if (findHeapOption(source, /--max[-_]old[-_]space[-_]size/, ["NODE_OPTIONS"]) !== undefined) return;
    // What another object holds may say it.
    if (source.container.env?.some(({ name, valueFrom }) => name === "NODE_OPTIONS" && valueFrom)) return;
    if ((source.container.envFrom ?? []).length > 0) return;
    const option = `--max-old-space-size=${mebibytes(bytesOf(limit) * advisedHeap)}`;
    yield {
      path: ["env"],
      atKey: true,
      message: `container ${source.container.name} has ${limit} of memory, of which Node.js takes half at most for its heap`,
      label: "no --max-old-space-size",
      next: [`NODE_OPTIONS: ${option}, three quarters of the limit`],
    };
  },
);

function runsNode({ image, command }: Container): boolean {
  if (command?.[0] !== undefined) return /(^|\/)(node|npm|npx|yarn|pnpm)$/.test(command[0]);
  return /(^|\/)(node|nodejs\d*(-debian\d+)?)$/.test(imageReference(image ?? "").name);
}
