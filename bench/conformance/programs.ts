import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";

/** Which image of the suite is run by which program, for `Cluster.start`: a file `NAME` is what the image NAME starts. */
export function programsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.flatMap(({ name }) => {
      const program = join(folder, name);
      accessSync(program, constants.X_OK);
      return registries.map((registry) => [`${registry}/${name}`, program]);
    }),
  );
}

/** Where the suite's images lie (test/utils/image/manifest.go in Kubernetes' repository). */
const registries = ["registry.k8s.io/e2e-test-images", "registry.k8s.io"];
