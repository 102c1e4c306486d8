import { describe, expect, it } from 'vitest';
import { joinClusterTables } from './clusters.ts';
import { colours } from './colour.ts';
import { alignColumns, alignDescription, type Widths } from './columns.ts';
import { customLines, parseCustomColumns } from './custom-columns.ts';
import { parseFormat } from './format.ts';
import { goText } from './go-value.ts';
import { toJson } from './json.ts';
import { migrateCommand, planAgain, planCommand } from './migrate-commands.ts';
import { printTable, type ServerTable, type TableStyle } from './server-table.ts';
import { quoted } from './shell.ts';
import { sortBy } from './sort.ts';
import { statusScreen } from './status-screen.ts';

const style: TableStyle = { wide: false, headers: true, namespaces: false, showLabels: false, labelColumns: [] };

const deployments = (labels?: Record<string, string>, name = 'nginx-deploy'): ServerTable => ({
  columnDefinitions: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Ready', type: 'string' },
    { name: 'Up-to-date', type: 'integer' },
    { name: 'Available', type: 'integer' },
    { name: 'Age', type: 'string' },
    { name: 'Containers', type: 'string', priority: 1 },
    { name: 'Images', type: 'string', priority: 1 },
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  rows: [
    {
      cells: [name, '2/2', 2, 2, '37s', 'nginx', 'nginx:latest', 'app=nginx'],
      object: { metadata: { name, namespace: 'default', ...(labels ? { labels } : {}) } },
    },
  ],
});

describe('tables', () => {
  it('steer no terminal, whatever things are called', () => {
    expect(printTable(deployments(undefined, 'web\x1b[2K'), style).split('\n')[1]).toMatch(/^web\^\[\[2K +2\/2/);
    expect(alignDescription('Annotations:\tnote: \x1b[2K\n')).toBe('Annotations:  note: ^[[2K\n');
  });

  it('prints the columns that are always shown', () => {
    expect(printTable(deployments(), style)).toBe(
      [
        'NAME           READY   UP-TO-DATE   AVAILABLE   AGE\n',
        'nginx-deploy   2/2     2            2           37s\n',
      ].join(''),
    );
  });

  it('puts namespaces and kinds before names, labels behind', () => {
    const shown = printTable(deployments({ b: '2', a: '1' }), {
      ...style,
      namespaces: true,
      showLabels: true,
      labelColumns: ['x.io/a', 'a'],
      kind: 'deployment.apps',
    });
    expect(shown.split('\n')[1]).toBe(
      'default     deployment.apps/nginx-deploy   2/2     2            2           37s         1     a=1,b=2',
    );
  });

  // What the reference's own command printed, letter by letter.
  it('joins clusters as karmadactl does', () => {
    const tables = [
      { cluster: 'Karmada', table: deployments({ 'karmada.io/managed': 'true' }) },
      { cluster: 'member1', table: deployments({ 'karmada.io/managed': 'true' }) },
      { cluster: 'member2', table: deployments() },
    ];
    expect(printTable(joinClusterTables('deployments', tables), { ...style, wide: true })).toBe(
      [
        'NAME           CLUSTER   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES         SELECTOR    ADOPTION\n',
        'nginx-deploy   Karmada   2/2     2            2           37s   nginx        nginx:latest   app=nginx   -\n',
        'nginx-deploy   member1   2/2     2            2           37s   nginx        nginx:latest   app=nginx   Y\n',
        'nginx-deploy   member2   2/2     2            2           37s   nginx        nginx:latest   app=nginx   N\n',
      ].join(''),
    );
    expect(printTable(joinClusterTables('pods', tables), style)).not.toContain('ADOPTION');
    expect(joinClusterTables('pods', [{ cluster: 'member1', table: { ...deployments(), rows: [] } }]).rows).toEqual([]);
  });

  it('shows the first line of a cell, and nothing for null', () => {
    const table = {
      columnDefinitions: [
        { name: 'A', type: 'string' },
        { name: 'B', type: 'string' },
      ],
      rows: [{ cells: ['a\nb', null] }],
    };
    expect(printTable(table, style)).toBe('A      B\na...   \n');
  });

  it('never narrows a column that was wider', () => {
    const widths: Widths = [];
    alignColumns([['a-long-name', 'x']], widths);
    expect(alignColumns([['a', 'y']], widths)).toBe('a             y\n');
  });

  it('aligns lines that follow each other, and no others', () => {
    expect(alignDescription('Name:\tx\nLonger:\ty\nSpec:\n  A:\t1\n  Bcd:\t2\n')).toBe(
      'Name:    x\nLonger:  y\nSpec:\n  A:    1\n  Bcd:  2\n',
    );
  });

  it('counts characters, not their bytes', () => {
    expect(
      alignColumns([
        ['日本語テスト', 'x'],
        ['abc', 'y'],
      ]),
    ).toBe('日本語テスト   x\nabc      y\n');
  });
});

describe('other forms', () => {
  it('prints JSON as Go does', () => {
    expect(toJson({ b: '<a & b>', a: [1, { d: null, c: true }] })).toBe(
      '{\n    "a": [\n        1,\n        {\n            "c": true,\n            "d": null\n        }\n    ],\n    "b": "\\u003ca \\u0026 b\\u003e"\n}\n',
    );
  });

  it('makes columns of paths', () => {
    const columns = parseCustomColumns('NAME:.metadata.name,SPEC:.spec,NONE:.x.y');
    expect(customLines(columns, [{ metadata: { name: 'a' }, spec: { b: [1, 2], a: 'x' } }], true)).toEqual([
      ['NAME', 'SPEC', 'NONE'],
      ['a', 'map[a:x b:[1 2]]', '<none>'],
    ]);
    expect(() => parseCustomColumns('')).toThrow('custom-columns format specified but no custom columns given');
    expect(() => parseCustomColumns('a')).toThrow(
      'unexpected custom-columns spec: a, expected <header>:<json-path-expr>',
    );
    expect(goText(null)).toBe('<nil>');
  });

  it('knows its formats', () => {
    expect(parseFormat('jsonpath={.a=="b"}')).toEqual({ form: 'jsonpath', text: '{.a=="b"}' });
    expect(() => parseFormat('jsonpath')).toThrow('template format specified but no template given');
    expect(() => parseFormat('table')).toThrow('unable to match a printer suitable for the output format "table"');
  });

  it('sorts numbers in texts by size', () => {
    const names = ['pod-10', 'pod-9', 'a', 'pod-2'].map((name) => ({ name }));
    expect(sortBy(names, '.name', (each) => each).map(({ name }) => name)).toEqual(['a', 'pod-2', 'pod-9', 'pod-10']);
    expect(() => sortBy(names, '.nope', (each) => each)).toThrow(`couldn't find any field with path ".nope"`);
  });

  it.each([
    ['/home/me/bin', '/home/me/bin'],
    ['/home/o b', `'/home/o b'`],
    [`/it's`, `'/it'\\''s'`],
    ['default,shop', 'default,shop'],
  ])('quotes %s for a shell', (text, expected) => expect(quoted(text)).toBe(expected));

  it('names the commands of a migration as a shell takes them', () => {
    expect(migrateCommand('apply', 'my plans/a', '--resume')).toBe("flotilla migrate apply 'my plans/a' --resume");
    const from = { cluster: 'member1', id: '' };
    expect(planAgain({ from, to: ['member1'], scope: {} }, 'a')).toBe(
      'flotilla migrate plan --from member1 --out a --force',
    );
    const scope = { namespaces: ['shop', 'blog'], labelSelector: 'app in (a,b)', closure: true } as const;
    expect(planCommand({ from, to: ['member1', 'member2'], scope }, 'a b')).toBe(
      "flotilla migrate plan --from member1 -n shop,blog -l 'app in (a,b)' --to member1,member2 --with-closure --out 'a b'",
    );
  });
});

describe('the status screen', () => {
  const status = {
    version: '0.1.0',
    upSeconds: 75,
    memoryMiB: 150,
    components: [
      { name: 'karmada-scheduler', running: true, waiting: 0, troubles: [] },
      {
        name: 'karmada-controller-manager',
        running: false,
        waiting: 12,
        troubles: [{ controller: 'execution', key: 'karmada-es-member1/web', why: 'no answer' }],
      },
    ],
    clusters: [
      { name: 'member1', ready: 'True', reason: '', version: 'v1.35.3', nodes: '2/2' },
      { name: 'member2', ready: 'False', reason: 'it does not answer', version: '', nodes: '0/0' },
    ],
  };

  it('fits one page, plain without a terminal', () => {
    expect(statusScreen(status, colours(false, {}))).toBe(`Flotilla 0.1.0, up 75s, 150 MiB

COMPONENT                    STATE     WAITING   FAILING
karmada-scheduler            Running   0         0
karmada-controller-manager   Stopped   12        1

CLUSTER   READY   VERSION   NODES   REASON
member1   True    v1.35.3   2/2     -
member2   False   -         0/0     it does not answer

CONTROLLER   KEY                      WHAT FAILED, AND IS TRIED AGAIN
execution    karmada-es-member1/web   no answer
`);
  });

  it('is painted on a terminal, and not where NO_COLOR is set', () => {
    expect(statusScreen({ ...status, problem: 'the disk is full' }, colours(false, {}))).toContain(
      '150 MiB\n\nthe disk is full\n\nCOMPONENT',
    );
    expect(statusScreen(status, colours(true, {}))).toContain('\u001b[31mStopped\u001b[39m');
    expect(statusScreen(status, colours(true, { NO_COLOR: '1' }))).not.toContain('\u001b[');
  });
});
