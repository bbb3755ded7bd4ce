import { containerRule } from "../../../make-rule.ts";
import { limitOf } from "../../../objects/containers/container-resources.ts";
import { bytesOf, findHeapOption, mebibytes, mostHeap } from "../heap-option.ts";

/** A Java heap that may grow beyond the memory of its container. */
export const jvmHeap = containerRule(
  {
    id: "jvm-heap",
    severity: "warning",
    title: "the heap of Java may outgrow the container's memory",
    why: `A Java process needs memory beside its heap: classes, compiled code, threads, buffers; some hundred MiB in most
servers. With \`-Xmx\` near the container's limit, the kernel kills the process in the middle of all its requests, without an
OutOfMemoryError, a heap dump or a shutdown.`,
    mend: `Remove \`-Xmx\` and set \`-XX:MaxRAMPercentage=75\`: it follows the limit when somebody changes it.`,
    sources: [
      "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
      "https://developers.redhat.com/articles/2022/04/19/java-17-whats-new-openjdks-container-awareness",
    ],
    profile: "default",
  },
  function* look(source, pod, set) {
    const limit = limitOf(source, pod, set, "memory");
    const option = findHeapOption(source, heapOption, variables);
    if (limit === undefined || option === undefined) return;
    const memory = bytesOf(limit);
    const [, amount = "0", unit = "", percent] = option.match;
    const heap =
      percent === undefined
        ? Number(amount) * (units[unit.toLowerCase()] ?? 1)
        : (memory * Number(percent)) / 100;
    if (heap <= memory * mostHeap) return;
    yield {
      path: option.path,
      message: `container ${source.container.name} has ${limit} of memory, and its Java heap may grow to ${mebibytes(heap)} MiB`,
      label: heap > memory ? "more than the memory limit" : "leaves too little beside the heap",
      next: [`-XX:MaxRAMPercentage=75 in place of ${option.written}`, "or a higher memory limit"],
    };
  },
);

const heapOption = /-Xmx(\d+)([kKmMgG]?)|-XX:MaxRAMPercentage=(\d+(?:\.\d+)?)/;
const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const variables = [
  "JAVA_TOOL_OPTIONS",
  "JDK_JAVA_OPTIONS",
  "JAVA_OPTS",
  "_JAVA_OPTIONS",
  "CATALINA_OPTS",
  "ES_JAVA_OPTS",
  "KAFKA_HEAP_OPTS",
];
