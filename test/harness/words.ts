/** What differs from run to run (uids, revisions, times, addresses) as words, and words as values again. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Answered, Asked } from './exchange.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** An owner in a field set: by its uid. */
const itemOf = /^k:\{"uid"/;
const allocated = /^10\.96\.\d+\.\d+$/;
/** A JSON Web Token, with its payload taken out: what it says is compared, how it is signed is not. */
const jsonWebToken = /\beyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g;
/** Of the administrator's certificate, which is made for each run. */
const fingerprint = /X509SHA256=[0-9a-f]{64}/g;
const word = /<(?:uid|revision|address|list|continue|name|token) (\d+)>/g;
const namespaceWord = '<namespace>';
/** How long ago something was, as a Table says it. */
const age = /^(?=\d)(\d+y)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/;
const ago = /\((?:\d+[ydhms])+ ago\)/;
/** What apiserver's name generator appends, and how much of the prefix it keeps. */
const generated = /[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const longestPrefix = 58;
/** A name made from the longest prefix, in a refusal. */
const madeUp = /(?<!e)e{58}[bcdfghjklmnpqrstvwxz2456789]{5}(?!\w)/g;
/** A Pod's token. */
const volume = /kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}/g;
/** What differs in an object that may not be changed: kube-apiserver's Go structs, and the paths that we tell instead. */
const structDifference = /\n@@ [\s\S]*$/;
const pathDifference = /(\n {2}\S+: .+ -> .+)+/g;
/** The whole object that a patch has made, as kube-apiserver repeats it where the outcome cannot be decoded. */
const patchedObject = /(patch: |^)(Invalid value: )"\{.*\}": /;

/** Of an entry in managedFields that a request gives back: any time would do, so that recordings stay as they are. */
const entryTime = '2026-01-01T00:00:00Z';

/** `list`: the revision of a whole list or of a bookmark, which depends on what else is written in the server. */
type Varying = 'uid' | 'revision' | 'address' | 'list' | 'continue' | 'name' | 'token';

/** Collected from objects in no order of theirs. */
const unordered: ReadonlySet<string> = new Set(['resourceRules', 'nonResourceRules']);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same words for the same values, numbered in the order in which they first appear. */
export class Words {
  private readonly namespace: string;
  private readonly words = new Map<string, string>();
  private readonly values = new Map<string, string>();
  private readonly counts = new Map<Varying, number>();

  /** `namespace`: where all of it takes place. */
  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** A request with words in it; its times are sent as they were. */
  asked(asked: Asked): Asked {
    const { path, body, raw, token, headers, ...rest } = asked;
    return {
      ...rest,
      path: this.inPath(path),
      ...(token === undefined ? {} : { token: this.inText(token, '', false) }),
      ...(headers === undefined ? {} : { headers: this.in(headers as JsonObject) as NonNullable<Asked['headers']> }),
      ...(body === undefined ? {} : { body: this.in(body) }),
      ...(raw === undefined ? {} : { raw: this.inText(raw, '', false) }),
    };
  }

  answered({ status, headers, body }: Answered): Answered {
    const told = headers && (this.in(headers as JsonObject, true) as NonNullable<Answered['headers']>);
    return { status, ...(told ? { headers: told } : {}), body: this.in(body, true) };
  }

  /** What requests say of their own accord stays as it is: only answers make revisions and addresses up. */
  private varying(kind: 'revision' | 'address', value: string, answer: boolean): string {
    return answer || this.words.get(value)?.startsWith(`<${kind} `) ? this.of(kind, value) : value;
  }

  /** The other way round: a recorded request as it can be sent here and now. */
  filled<T>(recorded: T): T {
    const text = JSON.stringify(recorded).replaceAll(namespaceWord, this.namespace);
    return JSON.parse(text.replace(word, (found, count: string) => this.value(found, count))) as T;
  }

  /** What a word stands for; a uid that only requests know is any. */
  private value(found: string, count: string): string {
    return this.values.get(found) ?? `00000000-0000-4000-8000-${count.padStart(12, '0')}`;
  }

  private of(kind: Varying, value: string): string {
    const known = this.words.get(value);
    if (known?.startsWith(`<${kind} `)) return known;
    const made = this.newWord(kind, value);
    this.words.set(value, made);
    return made;
  }

  /** A word of its own each time: whether two lists are of one revision is a matter of chance. */
  private newWord(kind: Varying, value: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const made = `<${kind} ${count}>`;
    this.values.set(made, value);
    if (!this.words.has(value)) this.words.set(value, made);
    return made;
  }

  /** Requests name a token; answers say what is in it, too, its times as seconds since it was issued. */
  private token(found: string, payload: string, answer: boolean): string {
    const name = this.of('token', found);
    if (!answer) return name;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const issued = Number(claims.iat);
    for (const part of [claims, claims['kubernetes.io'] as Record<string, unknown> | undefined]) {
      for (const claim of ['exp', 'nbf', 'iat', 'warnafter'])
        if (part && claim in part) part[claim] = `${Number(part[claim]) - issued} s`;
    }
    return `${name} ${JSON.stringify(sorted(claims as JsonValue))}`;
  }

  private in(value: JsonValue | undefined, answer = false, key = ''): JsonValue {
    if (typeof value === 'string') {
      const worded = this.inText(value, key, answer);
      if (answer) return worded.replace(time, '<time>');
      return key === 'time' ? worded.replace(time, entryTime) : worded;
    }
    if (Array.isArray(value)) {
      const items = (value as readonly JsonValue[]).map((each) => this.in(each, answer, inherited[key] ?? ''));
      if (answer && key === 'managedFields') return byOwner(items as readonly JsonObject[]);
      if (answer && unordered.has(key)) return byText(items);
      return answer && key === 'causes' ? once(items) : items;
    }
    if (!isObject(value)) return value ?? null;
    if (answer && key === 'columns') return this.inObject(undescribed(value), answer);
    return answer && isOfMany(value) ? this.inMany(value) : this.inObject(value, answer);
  }

  private inObject(value: JsonObject, answer: boolean): JsonObject {
    const tested = value.op === 'test' && value.path === '/metadata/resourceVersion';
    const named = answer && isGenerated(value);
    const keyOf = (name: string) =>
      tested && name === 'value' ? 'resourceVersion' : named && name === 'name' ? 'generated' : name;
    // In one order, whatever order the server writes its keys in.
    return Object.fromEntries(
      Object.keys(value)
        .filter((name) => value[name] !== undefined)
        .sort()
        .map((name) => [
          itemOf.test(name) ? this.inText(name, '', answer) : name,
          this.in(value[name], answer, keyOf(name)),
        ]),
    );
  }

  /** A list, a Table or the object of a bookmark. */
  private inMany(value: JsonObject): JsonObject {
    const metadata = value.metadata as JsonObject;
    const { resourceVersion, continue: token, ...rest } = metadata;
    const worded = {
      ...rest,
      ...(typeof resourceVersion === 'string' ? { resourceVersion: this.newWord('list', resourceVersion) } : {}),
      ...(typeof token === 'string' ? { continue: this.newWord('continue', token) } : {}),
    };
    return this.inObject({ ...value, metadata: worded }, true);
  }

  private inPath(path: string): string {
    return this.inText(path, '', false).replace(
      /([?&](?:resourceVersion|continue)=)([^&]+)/g,
      (whole, name: string, value: string) => {
        const known = this.words.get(decodeURIComponent(value));
        return known === undefined ? whole : name + known;
      },
    );
  }

  private inText(text: string, key: string, answer: boolean): string {
    if (key === 'resourceVersion' && /^\d+$/.test(text)) return this.varying('revision', text, answer);
    if (allocated.test(text)) return this.varying('address', text, answer);
    if (answer && key === 'cells' && age.test(text)) return '<age>';
    // Of restarts: `2 (333d ago)` is another text on another day.
    if (answer && key === 'cells' && ago.test(text)) return text.replace(ago, '(<age> ago)');
    const tokens = text.replace(jsonWebToken, (found, payload: string) => this.token(found, payload, answer));
    const worded = tokens
      .replace(fingerprint, 'X509SHA256=<fingerprint>')
      .replaceAll(this.namespace, namespaceWord)
      .replace(uuid, (found) => this.of('uid', found))
      .replace(volume, (found) => this.of('name', found));
    if (!answer) return this.words.get(worded)?.startsWith('<name ') ? this.words.get(worded)! : worded;
    if (key === 'generated') return this.of('name', worded);
    const plain = worded.replace(madeUp, '<generated>');
    return key === 'message' ? this.inMessage(plain) : plain;
  }

  /** Messages name the revision they found. */
  private inMessage(text: string): string {
    return text
      .replace(patchedObject, '$1$2')
      .replace(structDifference, '')
      .replace(pathDifference, '')
      .replace(/(too old resource version: \d+ )\(\d+\)/, '$1(<now>)')
      .replace(/(Too large resource version: \d+, current: )\d+/, '$1<now>')
      .replace(/(?<=\()\d{2,}(?=\))/g, (found) => this.words.get(found) ?? found);
  }
}

function isOfMany({ kind, metadata, ...rest }: JsonObject): boolean {
  if (typeof kind !== 'string' || !isObject(metadata)) return false;
  return Array.isArray(rest.items) || Array.isArray(rest.rows) || isBookmark(metadata, rest);
}

const isGenerated = ({ name, generateName }: JsonObject): boolean =>
  typeof name === 'string' &&
  typeof generateName === 'string' &&
  name.startsWith(generateName.slice(0, longestPrefix)) &&
  generated.test(name);

/** Nothing but a version. */
const isBookmark = (metadata: JsonObject, { apiVersion: _type, ...rest }: JsonObject): boolean =>
  metadata.resourceVersion !== undefined && metadata.name === undefined && metadata.uid === undefined && isHollow(rest);

const isHollow = (rest: JsonObject) => !Array.isArray(rest.data) && rest.message === undefined;

/** What the elements of a list are treated as. */
const inherited: Readonly<Record<string, string>> = { cells: 'cells', columnDefinitions: 'columns' };

/** Built-in kinds describe their columns in sentences of Kubernetes' documentation, which we do not repeat. */
function undescribed({ description, ...column }: JsonObject): JsonObject {
  const said = typeof description === 'string' && description.startsWith('Custom resource definition column');
  return said ? { ...column, description } : column;
}

/** kube-apiserver and the kind's own rules may find the same: how often it is said is not compared. */
const once = (causes: readonly JsonValue[]): readonly JsonValue[] =>
  inOrder([...new Set(causes.map((cause) => JSON.stringify(cause)))].map((text) => JSON.parse(text) as JsonValue));

/** Conflicts with several managers come in no order. */
export function inOrder(causes: readonly JsonValue[]): readonly JsonValue[] {
  if (!causes.every((cause) => isObject(cause) && cause.reason === 'FieldManagerConflict')) return causes;
  return [...causes].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const byText = (items: readonly JsonValue[]): readonly JsonValue[] =>
  [...items].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));

/** managedFields by owner: their order goes by seconds, which differ from run to run. */
function byOwner(entries: readonly JsonObject[]): JsonObject {
  const owner = ({ manager, operation, apiVersion, subresource }: JsonObject) =>
    [manager, operation, apiVersion, subresource].filter((part) => typeof part === 'string').join(' ');
  return sorted(Object.fromEntries(entries.map((entry) => [owner(entry), entry.fieldsV1 ?? null]))) as JsonObject;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name]!)]),
  );
}
