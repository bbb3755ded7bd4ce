import assert from "node:assert/strict";
import { test } from "node:test";
import { findSecretValue } from "./find-secret-value.ts";
import { mayBeSecret, namesSecret } from "./secret-names.ts";

const secrets = {
  "-----BEGIN OPENSSH PRIVATE KEY-----": "a private key",
  "-----BEGIN PRIVATE KEY-----": "a private key",
  "-----BEGIN PGP PRIVATE KEY BLOCK-----": "a private key",
  [`export KEY=AKIA${"A2".repeat(8)}`]: "a key of AWS",
  [`ghp_${"aB3".repeat(12)}`]: "a token of GitHub",
  [`glpat-${"aB3x".repeat(5)}`]: "a token of GitLab",
  [`xoxb-123456789012-${"aB3x".repeat(5)}`]: "a token of Slack",
  [`sk_live_${"aB3x".repeat(6)}`]: "a key of Stripe",
  [`npm_${"aB3".repeat(12)}`]: "a token of npm",
  [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wIn0.${"aB3x".repeat(8)}`]: "a signed token",
  "redis://:hunter2@redis:6379/0": "an address with its password",
  "url=https://ann:hunter2@example.com": "an address with its password",
  "mongodb+srv://shop:p%40ss@db.example.com": "an address with its password",
  q9X2mK7vLw4TzR8bN3cJ6hY1pF5dS0gA: "a long random word, as keys are",
  "bXlzZWNyZXQ5OTg3NzY1NDMyMQxYz0PqRsTuVw==": "a long random word, as keys are",
};

for (const [text, what] of Object.entries(secrets))
  test(`${what} is found: ${text.slice(0, 30)}`, () => assert.equal(findSecretValue(text)?.what, what));

const harmless = [
  "",
  "postgres://db.example.com:5432/shop",
  "postgres://shop@db.example.com/shop",
  "postgres://shop:$(PASSWORD)@db/shop",
  "postgres://shop:${PASSWORD}@db/shop",
  "postgres://shop:{{ .Values.password }}@db/shop",
  "postgres://user:password@localhost/example",
  "http://[::1]:8080/path@2",
  "https://example.com:8443/a@b",
  "image@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  "2c26b46b68ffc68ff99b453c1d30413413422d70",
  "7f3c0b1e-5d2a-4c8f-9b6e-1a2b3c4d5e6f",
  "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  "com/example/shop/checkout/ShopApplication2Configuration",
  "MyVeryLongApplicationNameWithNumber42Inside",
  "arn:aws:iam::123456789012:role/shop-production-role",
  "-----BEGIN CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----",
  "--feature-gates=GatewayAPI2=true,SomethingElse=false",
  "kube-prometheus-stack-prometheus.monitoring.svc:9090",
  "The quick brown fox jumps over the lazy dog 1234567890",
];

for (const text of harmless)
  test(`nothing is found in ${text.slice(0, 40)}`, () => assert.equal(findSecretValue(text), undefined));

test("a random word that is meant to be seen is none", () => {
  assert.equal(findSecretValue("q9X2mK7vLw4TzR8bN3cJ6hY1pF5dS0gA", "RECAPTCHA_SITE_KEY"), undefined);
});

test("a text made to keep a search busy is searched in time", () => {
  for (const part of [
    "eyJ-",
    "ghp_",
    "a://:",
    "-----BEGIN A ",
    "xoxb-1-",
    "https://hooks.slack.com/services/T",
  ])
    findSecretValue(part.repeat(100_000 / part.length));
});

test("variables are told by their names", () => {
  const named = [
    "DB_PASSWORD",
    "password",
    "apiKey",
    "API-KEY",
    "clientSecret",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "PGPASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "ENCRYPTION_KEY",
    "DB_PASS",
  ];
  const others = [
    "PASSWORD_FILE",
    "TOKEN_TTL",
    "SECRET_NAME",
    "KEYCLOAK_URL",
    "MONKEY",
    "TOKENIZER",
    "PASSENGER_PORT",
    "PUBLIC_KEY",
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "TOKEN_BUCKET",
    "SECRET_MANAGER_PROVIDER",
    "BYPASS",
    "COMPASS_URL",
    "SSL_KEY_PATH",
    "PARTITION_KEY",
    "PASSWORD_ENCRYPTION",
    "TOKEN_SERVICE",
    "MAX_TOKENS",
  ];
  assert.deepEqual(
    named.filter((name) => !namesSecret(name)),
    [],
  );
  assert.deepEqual(others.filter(namesSecret), []);
});

test("switches, numbers, places and what is filled in later are no secrets", () => {
  const values = [
    "",
    "true",
    "no",
    "15m",
    "3600",
    "/run/secrets/password",
    "https://login.example.com",
    "$(PASSWORD)",
    "${PASSWORD}",
    "<password>",
    "{{ .password }}",
    "vault:secret/data/shop#password",
    "****",
  ];
  assert.deepEqual(values.filter(mayBeSecret), []);
  assert.deepEqual(
    ["hunter2", "rootPassW0rd", "0815-4711"].filter((value) => !mayBeSecret(value)),
    [],
  );
});
