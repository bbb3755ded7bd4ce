import { badAnswers } from "./bad-answers.ts";
import { badRelease } from "./bad-release.ts";
import { configChange } from "./config-change.ts";
import { edgeRestart } from "./edge-restart.ts";
import { hpa } from "./hpa.ts";
import { nodeDrain } from "./node-drain.ts";
import { nodeLoss } from "./node-loss.ts";
import { podKill } from "./pod-kill.ts";
import { release } from "./release.ts";
import { rollout } from "./rollout.ts";
import { scale } from "./scale.ts";
import type { Scenario, ScenarioName } from "./scenario.ts";
import { soak } from "./soak.ts";

/** Every scenario by its name. */
export const allScenarios: Readonly<Record<ScenarioName, Scenario>> = {
  soak,
  rollout,
  release,
  "config-change": configChange,
  scale,
  hpa,
  "node-drain": nodeDrain,
  "bad-release": badRelease,
  "bad-answers": badAnswers,
  "pod-kill": podKill,
  "node-loss": nodeLoss,
  "edge-restart": edgeRestart,
};
