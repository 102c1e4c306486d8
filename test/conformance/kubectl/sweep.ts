/** Runs command lines of a kubectl against an API server, and says what they print in words that are the same each time. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { type Finished, start } from '#harness/command.ts';
import { kubeconfigOf } from '#harness/credentials.ts';
import { manifests } from './manifests.ts';

export interface Said {
  readonly line: string;
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** What waits for a controller that is not there is killed, and told as that. */
const patienceMs = 30_000;

/** Words of a line: quotes hold what has spaces together and go, where they begin or end a word or follow `=`. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/(?:[^\s"{[]|"[^"]*"|\{.*\}|\[.*\])+/g) ?? []).map((word) =>
    /^[{[]/.test(word) ? word : word.replace(/"([^"]*)"/g, '$1'),
  );
}

const settled: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/https?:\/\/127\.0\.0\.1:\d+/g, '<server>'],
  [/127\.0\.0\.1:\d+/g, '<server>'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, '<time>'],
  [/X509SHA256=[0-9a-f]+/g, 'X509SHA256=<hash>'],
  [/\b10\.96\.\d+\.\d+\b */g, '<address> '],
  [/CLUSTER-IP +/g, 'CLUSTER-IP '],
  [/\/tmp\/[\w./-]+/g, '<file>'],
  [/"?resourceVersion"?: "\d+"/g, 'resourceVersion: <revision>'],
  [/\b[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /g, '<log> '],
  // A column of ages, and the width that it takes.
  [/ +\b(?:\d+[smh])+\b/g, ' <age>'],
  [/ +AGE\b/g, ' AGE'],
  [/:3\d{4}\b/g, ':<port>'],
  [/(?:NodePort: +<unset> +)\d+/g, 'NodePort: <port>'],
  [/[ \t]+$/gm, ''],
];

const inWords = (text: string, namespace: string): string =>
  settled.reduce((said, [found, word]) => said.replace(found, word), text.replaceAll(namespace, '<namespace>'));

export class Sweep {
  private readonly home = mkdtempSync(join(tmpdir(), 'flotilla-sweep-'));
  private readonly kubectl: string;
  private readonly namespace: string;

  constructor(kubectl: string, access: ClusterAccess, namespace: string) {
    mkdirSync(join(this.home, '.kube'));
    writeFileSync(join(this.home, '.kube', 'config'), kubeconfigOf(access));
    this.kubectl = kubectl;
    this.namespace = namespace;
  }

  async prepare(): Promise<void> {
    const { code, errors } = await this.run(['create', 'namespace', this.namespace]);
    if (code !== 0) throw new Error(errors);
  }

  private run(words: readonly string[], input?: string): Promise<Finished> {
    // An editor that changes nothing but a word.
    const environment = {
      HOME: this.home,
      KUBECONFIG: '',
      EDITOR: 'sed -i s/two/edited/',
      KUBECTL_EXTERNAL_DIFF: 'diff -u',
    };
    return start(this.kubectl, words, { environment, patience: patienceMs, ...(input === undefined ? {} : { input }) })
      .ended;
  }

  async say(line: string): Promise<Said> {
    const [command = '', input] = line.split(' < ');
    const words = wordsOf(command.replaceAll('{namespace}', this.namespace));
    const finished = await this.run(
      ['-n', this.namespace, ...words],
      input === undefined ? undefined : manifests[input],
    );
    return {
      line,
      code: finished.code,
      output: inWords(finished.output, this.namespace),
      errors: inWords(finished.errors, this.namespace),
    };
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** `1.32`: what its own client says. */
export async function releaseOf(kubectl: string): Promise<string | undefined> {
  try {
    const { output } = await start(kubectl, ['version', '--client']).ended;
    return /v(\d+\.\d+)\./.exec(output)?.[1];
  } catch {
    return undefined;
  }
}

const fileOf = (release: string) => join(import.meta.dirname, '..', 'recordings', 'kubectl', `${release}.jsonl`);

export function readSaid(release: string): readonly Said[] | undefined {
  try {
    const lines = readFileSync(fileOf(release), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Said);
  } catch {
    return undefined;
  }
}

export function writeSaid(release: string, said: readonly Said[]): void {
  mkdirSync(dirname(fileOf(release)), { recursive: true });
  writeFileSync(fileOf(release), said.map((each) => `${JSON.stringify(each)}\n`).join(''));
}
