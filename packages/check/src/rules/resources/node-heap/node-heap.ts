import { containerRule } from "../../../make-rule.ts";
import { limitOf } from "../../../objects/containers/container-resources.ts";
import { offerToSet } from "../../../fixes.ts";
import { advisedHeap, bytesOf, findHeapOption, mebibytes, mostHeap } from "../heap-option.ts";

/** A Node.js heap that may grow beyond the memory of its container. */
export const nodeHeap = containerRule(
  {
    id: "node-heap",
    severity: "warning",
    title: "the heap of Node.js may outgrow the container's memory",
    why: `Node.js collects garbage in earnest only when its heap comes near \`--max-old-space-size\`. When the container's
memory ends before that, the kernel kills it in the middle of all its requests, with no log line and no shutdown. Buffers, stacks and code
need memory beside the heap.`,
    mend: `Take three quarters of the memory limit, in MiB: \`--max-old-space-size=768\` for 1Gi.`,
    sources: [
      "https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib",
      "https://developers.redhat.com/articles/2025/10/10/nodejs-20-memory-management-containers",
    ],
    profile: "default",
  },
  function* look(source, pod, set) {
    const limit = limitOf(source, pod, set, "memory");
    const option = findHeapOption(source, heapOption, ["NODE_OPTIONS"]);
    if (limit === undefined || option === undefined) return;
    const heap = Number(option.match[1]) * 2 ** 20;
    const memory = bytesOf(limit);
    if (heap <= memory * mostHeap) return;
    const advised = mebibytes(memory * advisedHeap);
    const better = option.written.replace(/\d+$/, String(advised));
    yield {
      path: option.path,
      message: `container ${source.container.name} has ${limit} of memory, and its Node.js heap may grow to ${mebibytes(heap)} MiB`,
      label: heap > memory ? "more than the memory limit" : "leaves too little beside the heap",
      next: [`${better}, three quarters of the limit`, "or a higher memory limit"],
      fix: offerToSet(
        { manifest: pod.manifest, path: source.path },
        option.path,
        option.text.replace(option.written, better),
      ),
    };
  },
);

const heapOption = /--max[-_]old[-_]space[-_]size[= ](\d+)/;
