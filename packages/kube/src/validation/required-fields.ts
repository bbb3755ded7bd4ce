/**
 * Fields that the API server's validation requires though its schema calls them optional.
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/apis: core, apps: validation/validation.go
 */
export const requiredByServer: ReadonlySet<string> = new Set([
  "V1Container.image",
  "V1DaemonSet.spec",
  "V1Deployment.spec",
  "V1EnvVar.name",
  "V1Job.spec",
  "V1CronJob.spec",
  "V1Pod.spec",
  "V1PodTemplateSpec.spec",
  "V1ReplicaSet.spec",
  "V1ReplicaSetSpec.template",
  "V1Service.spec",
  "V1StatefulSet.spec",
]);
