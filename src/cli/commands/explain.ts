/** `explain`: the fields of a kind, from the OpenAPI documents of the server that has it. Objects are for `why`. */
import { type GroupVersion, parseApiVersion } from '#kube/meta/kind.ts';
import { isReason } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import { getJson } from '../connection/request.ts';
import { openScope } from '../connection/scope.ts';
import { openSession, type Session } from '../connection/session.ts';
import { type Asked, askedIn } from '../explain/asked.ts';
import { kindIn, type OpenApiDocument, schemaOf } from '../explain/document.ts';
import { pageOf } from '../explain/page.ts';
import { CommandError } from '../failure.ts';
import { spokenName } from '../help.ts';

const json = 'application/json';

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const output = flags.text('output');
  if (output !== 'plaintext')
    throw new CommandError(`--output ${output} is not available: plaintext is the only format of explain`);
  const word = wordOf(call);
  const own = await openSession(call);
  if (word.name !== undefined) throw new CommandError(await objectText(call, own, word.type, word.name));
  const { sessions } = await openScope(call, own, [...flags.texts('clusters'), ...flags.texts('cluster')]);
  let code = 0;
  for (const { cluster, session } of sessions) {
    // One cluster's page is kubectl's to the byte; of several, each says whose it is.
    if (sessions.length > 1) around.output.write(`CLUSTER:    ${cluster}\n`);
    code = Math.max(code, await explain(call, session, word.type));
  }
  return code;
}

interface Word {
  readonly type: string;
  /** An object is named: that is for another command. */
  readonly name?: string;
}

/** Throws CommandError for none, and for too many. */
function wordOf({ around, words }: Call): Word {
  const [type, name, ...more] = words;
  if (type === undefined) {
    throw new CommandError(
      `You must specify the type of resource to explain. Use "${spokenName(around.program)} api-resources" for a complete list of supported resources.`,
    );
  }
  const [, kind, own] = /^([^/]+)\/([^/]+)$/.exec(type) ?? [];
  if (more.length > 0 || (kind !== undefined && name !== undefined))
    throw new CommandError('We accept only this format: explain RESOURCE');
  if (kind !== undefined && own !== undefined) return { type: kind, name: own };
  return name === undefined ? { type } : { type, name };
}

/** Throws NotFound for a type that is not served. */
async function objectText({ around }: Call, session: Session, type: string, name: string): Promise<string> {
  const { namespaced } = await session.mapper.resolve(type);
  const place = namespaced ? ` -n ${session.namespace}` : '';
  return [
    `explain shows the fields of a kind, and ${type}/${name} is an object.`,
    `Where it is, and what keeps it from the clusters: flotilla why ${type}/${name}${place}`,
    `The fields of its kind: ${spokenName(around.program)} explain ${type}`,
  ].join('\n');
}

async function explain({ around, flags }: Call, session: Session, word: string): Promise<number> {
  const version = flags.text('api-version');
  let asked: Asked;
  try {
    asked = await askedIn(session.mapper, word, version !== '');
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    // Without "error: " before it, as kubectl says it here.
    around.errors.write(`${error.message}\n`);
    return 1;
  }
  const { resource, fields } = asked;
  if (version.split('/').length > 2) throw new CommandError(`unexpected GroupVersion string: ${version}`);
  const { group, version: of } = version === '' ? resource : parseApiVersion(version);
  const spoken = `${group}/${of}, Resource=${resource.resource}`;
  const document = await documentOf(session, { group, version: of });
  if (!document) throw new CommandError(`couldn't find resource for "${spoken}"`);
  const kind = kindIn(document, { group, version: of }, resource.resource);
  if (!kind) throw new CommandError(`GVR (${spoken}) not found in OpenAPI schema`);
  const head = [...(kind.group ? [`GROUP:      ${kind.group}`] : []), `KIND:       ${kind.kind}`];
  around.output.write(`${[...head, `VERSION:    ${kind.version}`].join('\n')}\n\n`);
  const schema = schemaOf(document, kind);
  if (!schema) throw new CommandError(`the server publishes no schema of ${kind.kind} in version ${kind.version}`);
  const page = pageOf({ document, recursive: flags.on('recursive') }, schema, fields);
  if (page === undefined) throw new CommandError(`field "${fields.at(-1)}" does not exist`);
  around.output.write(`${page}\n`);
  return 0;
}

interface Index {
  readonly paths?: Readonly<Record<string, { readonly serverRelativeURL?: string } | undefined>>;
}

/** Undefined where the server has none for these. */
async function documentOf({ client }: Session, { group, version }: GroupVersion): Promise<OpenApiDocument | undefined> {
  const { paths = {} } = (await getJson(client, '/openapi/v3', json)) as unknown as Index;
  const address = paths[`${group === '' ? 'api' : `apis/${group}`}/${version}`]?.serverRelativeURL;
  return address === undefined ? undefined : ((await getJson(client, address, json)) as unknown as OpenApiDocument);
}
