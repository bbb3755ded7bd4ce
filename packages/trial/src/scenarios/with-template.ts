import { isConflict } from "@seaworthy/client";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";
import type { Stage } from "./scenario.ts";

/** The pod template of a Deployment. */
export type Template = Deployment["spec"]["template"];

/** Somebody else's writes, a controller's or an autoscaler's, may come between a read and a write so often. */
const mostConflicts = 10;

/** Gives a Deployment another pod template while `work` runs, and then the one it had, whatever happened. */
export async function withTemplate(
  stage: Stage,
  target: RolloutTarget,
  change: (template: Template) => Template,
  work: () => Promise<void>,
): Promise<void> {
  const before = await writeTemplate(stage, target, change);
  try {
    await work();
  } finally {
    await writeTemplate(stage, target, () => before);
  }
}

/** Writes what `change` makes of the template. Gives the template that was there. */
async function writeTemplate(
  { client }: Stage,
  { namespace, name }: RolloutTarget,
  change: (template: Template) => Template,
): Promise<Template> {
  for (let conflicts = 0; ; conflicts++) {
    const deployment = await client.get<Deployment>(resourceTypes.deployments, namespace, name);
    const { template } = deployment.spec;
    try {
      const spec = { ...deployment.spec, template: change(template) };
      await client.update<Deployment>(resourceTypes.deployments, { ...deployment, spec });
      return template;
    } catch (error) {
      if (!isConflict(error) || conflicts >= mostConflicts) throw error;
    }
  }
}
