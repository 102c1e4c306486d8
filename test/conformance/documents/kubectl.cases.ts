/** What people do with kubectl that goes by a server's documents: each call, in order, and what it says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#harness/command.ts';
import type { JsonObject } from '#kube/meta/object.ts';

interface Call {
  readonly words: string;
  readonly input?: JsonObject;
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' }, unknown: 1 };
const container = { name: 'c', image: 'i', foo: 'bar', ports: [{ containerPort: 80 }] };
const labels = { a: 'b' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'w' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
  },
};
const cronTab = {
  apiVersion: 'stable.example.com/v1',
  kind: 'CronTab',
  metadata: { name: 'x' },
  spec: { cronSpec: '1', maybe: { a: 'b' }, nope: 1, replicas: 2 },
};
const known = {
  ...deployment,
  spec: {
    ...deployment.spec,
    template: { metadata: { labels }, spec: { containers: [{ ...container, foo: undefined }] } },
  },
};

const calls: readonly Call[] = [
  { words: 'api-versions' },
  { words: 'api-resources -o wide --sort-by=name' },
  { words: 'explain deployment' },
  { words: 'explain pods.spec.containers --recursive' },
  { words: 'explain crontab.spec --recursive' },
  { words: 'explain crontab.spec --output plaintext-openapiv2' },
  { words: 'explain hpa.spec --api-version=autoscaling/v1 --output plaintext-openapiv2' },
  { words: 'explain pods.nope' },
  { words: 'create -f -', input: configMap },
  { words: 'create -f - --validate=warn', input: configMap },
  { words: 'create -f - --validate=ignore --dry-run=server', input: { ...configMap, metadata: { name: 'b' } } },
  { words: 'apply -f -', input: deployment },
  { words: 'apply --server-side -f - --validate=warn', input: deployment },
  { words: 'apply --server-side -f -', input: known as unknown as JsonObject },
  { words: 'diff -f -', input: known as unknown as JsonObject },
  { words: 'create -f - --validate=strict', input: cronTab },
  { words: 'create -f - --validate=warn', input: cronTab },
  { words: 'get --raw /readyz/ping' },
];

/** Of `explain` the fields and their types: descriptions are sentences. */
function withoutSentences(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^(GROUP|KIND|VERSION|RESOURCE|FIELD|error|Error)\b/.test(line) || /^ +\S+\t<.*>/.test(line))
    .join('\n');
}

/** What each call prints, with its exit code. */
export async function transcript(kubectl: string, kubeconfig: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-documents-'));
  try {
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    const parts: string[] = [];
    for (const { words, input } of calls) {
      const said = await runProgram(kubectl, ['--kubeconfig', file, ...words.split(' ')], {
        folder,
        environment: { HOME: folder },
        ...(input ? { input: JSON.stringify(input) } : {}),
      });
      const text = `${said.output}${said.errors}`;
      parts.push(`$ kubectl ${words}`, words.startsWith('explain') ? withoutSentences(text) : text.trimEnd());
      parts.push(`exit ${said.code}`, '');
    }
    return parts.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
