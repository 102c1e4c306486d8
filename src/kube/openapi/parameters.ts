/** Parameters of operations, by name; clients ask for `fieldValidation` and `dryRun` on PATCH before they rely on them. */

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'boolean' | 'integer';
}

/** Every other one is a text. */
const types: Readonly<Record<string, Parameter['type']>> = {
  allowWatchBookmarks: 'boolean',
  follow: 'boolean',
  force: 'boolean',
  gracePeriodSeconds: 'integer',
  ignoreStoreReadErrorWithClusterBreakingPotential: 'boolean',
  insecureSkipTLSVerifyBackend: 'boolean',
  limit: 'integer',
  limitBytes: 'integer',
  orphanDependents: 'boolean',
  ports: 'integer',
  previous: 'boolean',
  sendInitialEvents: 'boolean',
  sinceSeconds: 'integer',
  stderr: 'boolean',
  stdin: 'boolean',
  stdout: 'boolean',
  tailLines: 'integer',
  timeoutSeconds: 'integer',
  timestamps: 'boolean',
  tty: 'boolean',
  watch: 'boolean',
};

export const inQuery = (name: string): Parameter => ({ name, in: 'query', type: types[name] ?? 'string' });
export const inPath = (name: string): Parameter => ({ name, in: 'path', type: 'string' });

const query = (names: string): readonly Parameter[] => names.split(' ').map(inQuery);

const selection = query(
  'continue fieldSelector labelSelector limit resourceVersion resourceVersionMatch sendInitialEvents timeoutSeconds',
);
const list = [...query('allowWatchBookmarks watch'), ...selection];
const write = query('dryRun fieldManager fieldValidation');
const remove = query(
  'dryRun gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy',
);
const streams = 'container stderr stdin stdout tty';

/** By what an operation does, or by the options a connection takes; `pretty` comes to the former. */
export const actionParameters: Readonly<Record<string, readonly Parameter[]>> = {
  list,
  watch: list,
  watchlist: list,
  post: write,
  put: write,
  patch: [...write, inQuery('force')],
  delete: remove,
  deletecollection: [...remove, ...selection],
};

export const connectParameters: Readonly<Record<string, readonly Parameter[]>> = {
  attach: query(streams),
  exec: query(`command ${streams}`),
  log: query(
    'container follow insecureSkipTLSVerifyBackend limitBytes pretty previous sinceSeconds stream tailLines timestamps',
  ),
  portforward: query('ports'),
  proxy: query('path'),
};

/** By name, and of one name those in the path first. */
export const sortedParameters = (parameters: readonly Parameter[]): readonly Parameter[] =>
  [...parameters].sort((a, b) => compare(a.name, b.name) || compare(a.in, b.in));

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
