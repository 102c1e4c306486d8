/** One request as its audit events tell it, from its arrival to the end of its answer. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions, UserInfo } from '#kube/request/request.ts';
import type { Status } from '#kube/status/status.ts';
import type { AccessAttributes } from '../auth/authorizer.ts';
import { type EventFacts, eventText, referenceOf } from './event.ts';
import { type Level, levels, type Stage } from './policy.ts';
import type { AuditedAttributes, Recording } from './rules.ts';

/** A request as it came. */
export interface Arrival {
  readonly auditId: string;
  readonly requestUri: string;
  readonly userAgent: string;
  readonly sourceIps: readonly string[];
  /** Without its user, who is not known yet. */
  readonly attributes: Omit<AccessAttributes, 'user'>;
  readonly apiVersion: string;
  /** Answers that last: told when they begin, too. */
  readonly lasting: boolean;
}

export interface TrailOptions {
  readonly evaluate: (attributes: AuditedAttributes) => Recording;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly write: (line: string) => void;
}

/** apiserver cuts longer ones. */
const longestUserAgent = 1_024;

const rank = (level: Level) => levels.indexOf(level);

const isStatus = (object: object): object is Status => (object as { readonly kind?: string }).kind === 'Status';

interface Owned {
  readonly metadata?: { readonly managedFields?: unknown };
}

function withoutFields<T extends object>(object: T): T {
  const { metadata } = object as Owned;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _fields, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** Of an object, of the items of a list, of the objects of a Table's rows. */
function withoutManagedFields(object: object): object {
  const { items, rows } = object as {
    readonly items?: readonly object[];
    readonly rows?: readonly { readonly object?: object }[];
  };
  if (Array.isArray(items)) return { ...object, items: items.map(withoutFields) };
  if (!Array.isArray(rows)) return withoutFields(object);
  return { ...object, rows: rows.map((row) => (row.object ? { ...row, object: withoutFields(row.object) } : row)) };
}

export class Trail {
  readonly #options: TrailOptions;
  readonly #arrival: Arrival;
  readonly #received: number;
  #recording: Recording | undefined;
  #facts: EventFacts | undefined;
  #started = false;

  constructor(options: TrailOptions, arrival: Arrival) {
    this.#options = options;
    this.#arrival = arrival;
    this.#received = options.now();
  }

  /** The policy is asked about whoever the credentials are of, not whom they act as. */
  authenticated(user: UserInfo): void {
    this.#begin(user);
    this.#tell('RequestReceived');
  }

  /** `methods`: what was tried: `bearer`, `x509`. */
  unauthenticated(methods: readonly string[]): void {
    this.#begin(undefined);
    if (!this.#facts) return;
    const tried = methods.length > 0 ? `attempted: ${methods.join(', ')}` : 'no credentials provided';
    this.#facts.responseStatus = { message: `Authentication failed, ${tried}` };
  }

  impersonated(user: UserInfo): void {
    if (this.#facts) this.#facts.impersonated = user;
  }

  readonly annotate = (key: string, value: string, level?: 'Request'): void => {
    if (!this.#facts || (level && !this.#tells(level))) return;
    // What was said first stands.
    if (!this.#facts.annotations.has(key)) this.#facts.annotations.set(key, value);
  };

  readonly sent = (object: KubeObject | DeleteOptions): void => {
    if (!this.#facts) return;
    const { metadata } = object as Partial<KubeObject>;
    const reference = this.#facts.objectRef;
    if (reference && metadata) {
      reference.namespace ||= metadata.namespace ?? '';
      reference.name ||= metadata.name ?? '';
      reference.uid ||= metadata.uid ?? '';
      reference.resourceVersion ||= metadata.resourceVersion ?? '';
    }
    if (this.#tells('Request')) this.#facts.requestObject = this.#shown(object);
  };

  sentPatch(patch: unknown): void {
    if (this.#facts && this.#tells('Request')) this.#facts.requestObject = patch;
  }

  answered(object: object): void {
    if (!this.#facts) return;
    if (isStatus(object)) this.#facts.responseStatus = object;
    if (this.#tells('RequestResponse')) this.#facts.responseObject = this.#shown(object);
  }

  /** As `answered`, of what is made only for the log. */
  answeredWith(make: () => object): void {
    if (this.#facts && this.#tells('RequestResponse')) this.answered(make());
  }

  started(code: number): void {
    if (!this.#facts || this.#started) return;
    this.#started = true;
    this.#coded(code);
    if (this.#arrival.lasting || !this.#facts.user) this.#tell('ResponseStarted');
  }

  /** Once, when the last byte is out or the client has left. `code` undefined: it left before the first one. */
  complete(code: number | undefined): void {
    if (!this.#facts) return;
    if (code === undefined) {
      this.#facts.responseStatus ??= { status: 'Success', message: 'Connection closed early', code: 200 };
      if (this.#arrival.lasting && !this.#started) this.#tell('ResponseStarted');
    } else this.started(code);
    // Who was not recognised is told of once.
    if (this.#facts.user) this.#tell('ResponseComplete');
  }

  #begin(user: UserInfo | undefined): void {
    const { attributes, apiVersion, userAgent, auditId, requestUri, sourceIps } = this.#arrival;
    this.#recording = this.#options.evaluate({ ...attributes, user });
    const { level } = this.#recording;
    if (level === 'None') return;
    const agent =
      userAgent.length > longestUserAgent ? `${userAgent.slice(0, longestUserAgent)}...TRUNCATED` : userAgent;
    this.#facts = {
      level,
      auditId,
      requestUri,
      verb: attributes.verb,
      user,
      sourceIps,
      userAgent: agent,
      received: this.#received,
      annotations: new Map(),
      objectRef: referenceOf(attributes as AccessAttributes, apiVersion),
      impersonated: undefined,
      responseStatus: undefined,
      requestObject: undefined,
      responseObject: undefined,
    };
  }

  #coded(code: number): void {
    const facts = this.#facts!;
    facts.responseStatus = { ...facts.responseStatus, code };
  }

  #tells(level: Level): boolean {
    return rank(this.#facts!.level) >= rank(level);
  }

  #shown(object: object): object {
    return this.#recording!.omitManagedFields ? withoutManagedFields(object) : object;
  }

  #tell(stage: Stage): void {
    if (!this.#facts || this.#recording!.omitStages.has(stage)) return;
    this.#options.write(eventText(this.#facts, stage, this.#options.now()));
  }
}
