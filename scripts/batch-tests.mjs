// Many files of tests in few processes: a process of its own would load the same modules again for each of them.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** So many files share a process: enough to make its start cheap, few enough to keep every core busy until the end. */
const largest = 16;

/**
 * Writes modules into a folder that stand for the given files, and gives their paths. In them each file is a suite of its name,
 * so that what it sets up at its top level begins and ends with it. Only files of one package share a module.
 */
export function batchTests(files, folder) {
  const packages = Map.groupBy(files, (file) => file.split("/").slice(0, 2).join("/"));
  return [...packages].flatMap(([name, those]) => {
    const count = Math.ceil(those.length / largest);
    const size = Math.ceil(those.length / count);
    return Array.from({ length: count }, (_, index) => {
      const batch = those.slice(index * size, (index + 1) * size);
      const module = path.join(folder, `${name.replace("/", "-")}-${index + 1}.mjs`);
      if (batch.length === 1) return batch[0];
      writeFileSync(module, moduleOf(batch));
      return module;
    });
  });
}

function moduleOf(files) {
  const suites = files.map((file) => {
    const url = pathToFileURL(path.resolve(file)).href;
    return `describe(${JSON.stringify(file)}, () => import(${JSON.stringify(url)}));\n`;
  });
  return `import { describe } from "node:test";\n\n${suites.join("")}`;
}
