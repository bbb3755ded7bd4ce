/**
 * Every error code, whose fault it is, and its title.
 *
 * `user`: wrong usage or input, exit 2. `answer`: the command worked and the answer is no, exit 1.
 * `proof`: the run proves nothing, exit 3. `system`: our bug, exit 70.
 * Codes are stable: a code is never reused for another meaning. docs/errors.md explains each one.
 */
export const codes = {
  // 10xx: usage of the command
  SW1001: { fault: "user", title: "unknown command or flag" },
  SW1002: { fault: "user", title: "a flag has a value that it cannot take" },
  SW1003: { fault: "user", title: "path not found or not readable" },
  SW1004: { fault: "user", title: "no manifests found" },
  SW1005: { fault: "user", title: "kubeconfig not usable" },
  SW1006: { fault: "user", title: "manifests for another tool" },
  SW1007: { fault: "user", title: "several sets of manifests" },
  SW1008: { fault: "user", title: "manifests could not be rendered" },
  SW1009: { fault: "user", title: "nothing to read from stdin" },
  // 11xx: manifests as text and as objects
  SW1101: { fault: "user", title: "broken YAML" },
  SW1102: { fault: "user", title: "duplicate key" },
  SW1103: { fault: "user", title: "unknown field" },
  SW1104: { fault: "user", title: "unknown kind" },
  SW1105: { fault: "user", title: "a field has a value of the wrong type" },
  SW1106: { fault: "user", title: "not a Kubernetes object" },
  SW1107: { fault: "user", title: "a patch cannot be applied" },
  SW1108: { fault: "user", title: "not a quantity" },
  SW1109: { fault: "user", title: "not a selector" },
  SW1110: { fault: "user", title: "a required field is missing" },
  // 12xx: what the objects say about each other
  SW1201: { fault: "user", title: "a Service selects no pod" },
  SW1202: { fault: "user", title: "nothing to send requests to" },
  SW1203: { fault: "user", title: "no Deployment to roll" },
  SW1204: { fault: "user", title: "a pod refers to something that does not exist" },
  SW1205: { fault: "user", title: "a pod refers to a key that does not exist" },
  SW1210: { fault: "user", title: "a Service selects pods that do not serve its port" },
  SW1211: { fault: "user", title: "what users ask is not answered well" },
  // 13xx: what the objects ask of this machine
  SW1301: { fault: "user", title: "manifests use this machine itself" },
  SW1302: { fault: "user", title: "others may write the settings file" },
  // 14xx: what users ask
  SW1401: { fault: "user", title: "a log has nothing to ask" },
  SW1402: { fault: "user", title: "a description of an API has nothing to ask" },
  // 20xx: the embedded cluster
  SW2001: { fault: "user", title: "a port is taken" },
  SW2002: { fault: "user", title: "a command does not exist" },
  SW2003: { fault: "system", title: "the pod sandbox could not be made" },
  SW2004: { fault: "user", title: "an image mapping is not understood" },
  SW2005: { fault: "user", title: "a data folder cannot be used" },
  SW2006: { fault: "user", title: "another process has the cluster" },
  SW2007: { fault: "user", title: "a kept cluster cannot be read" },
  // 30xx: the Kubernetes API
  SW3001: { fault: "user", title: "the Kubernetes API refused a request" },
  SW3002: { fault: "user", title: "the Kubernetes API is not reachable" },
  // 40xx: releases
  SW4001: { fault: "answer", title: "a rollout is stuck" },
  SW4002: { fault: "answer", title: "an app never gets ready" },
  // 50xx: load
  SW5001: { fault: "user", title: "a load plan is not usable" },
  SW5002: { fault: "system", title: "the load process ended early" },
  SW5003: { fault: "user", title: "a host has no address" },
  SW5004: { fault: "user", title: "the system's limits are too low for the load" },
  SW5005: { fault: "user", title: "a server's certificate is not to be trusted" },
  // 60xx: trials
  SW6001: { fault: "proof", title: "the run proves nothing" },
  SW6002: { fault: "answer", title: "requests were lost" },
  SW6003: { fault: "proof", title: "too few pods ended to prove anything" },
  SW6004: { fault: "answer", title: "pods do not end well" },
  SW6005: { fault: "proof", title: "a rollout got stuck while it was tried" },
  SW6006: { fault: "proof", title: "a node cannot be drained" },
  SW6007: { fault: "proof", title: "a service cannot be sized" },
  SW6008: { fault: "proof", title: "an autoscaler does not scale" },
  // 80xx: a running service
  SW8001: { fault: "user", title: "a setting has a value that it cannot take" },
  SW8002: { fault: "user", title: "unknown setting" },
  SW8003: { fault: "user", title: "configuration cannot be read" },
  SW8004: { fault: "user", title: "configuration is not valid" },
  SW8005: { fault: "user", title: "a TLS key pair cannot be used" },
  SW8006: { fault: "user", title: "a port cannot be listened on" },
  SW8007: { fault: "user", title: "a start-up task failed" },
  // 70xx: ours
  SW7001: { fault: "system", title: "a bug in seaworthy" },
} as const satisfies Record<string, { fault: Fault; title: string }>;

/** Whose fault an error is; it decides the exit code. */
export type Fault = "user" | "answer" | "proof" | "system";

/** A stable error code, for example `SW1101`. */
export type ErrorCode = keyof typeof codes;

/** The exit code of the command for each fault. */
export const exitCodes: Readonly<Record<Fault, number>> = { user: 2, answer: 1, proof: 3, system: 70 };
