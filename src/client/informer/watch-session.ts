/** One watch from its start to its end. Without a revision to go on from, it begins with a streamed snapshot. */
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchHandle } from '#kube/request/request.ts';
import { serviceUnavailable, timedOut } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import type { Timer } from '#world/clock/clock.ts';
import type { ReflectorOptions } from './reflector.ts';
import { compareVersions } from './resource-version.ts';

/** client-go asks for 5 to 10 minutes, so that watches spread over an API server's replicas. */
const watchSeconds = 300;
/** A server that forgets its own time-out is hung up on this much later. */
const watchGraceMs = 30_000;
/** A server that knows no streaming lists ignores the parameter and never says that the list is complete. */
const streamingSilenceMs = 10_000;

/** The annotation of the bookmark that closes a streamed list. */
const listComplete = 'k8s.io/initial-events-end';

export interface SessionEnd {
  readonly error?: Error;
  /** Where the next session goes on; undefined: from a new snapshot. */
  readonly revision: string | undefined;
  /** Something came: a snapshot, an event or a bookmark. */
  readonly progress: boolean;
}

export class WatchSession<T extends KubeObject> {
  readonly ended: Promise<SessionEnd>;
  private readonly options: ReflectorOptions<T>;
  private readonly stopping: AbortSignal;
  private readonly resolve: (end: SessionEnd) => void;
  private readonly deadline: number;
  private revision: string | undefined;
  private progress = false;
  /** The streamed snapshot as far as it has come. */
  private collected: Map<string, T> | undefined;
  private handle: WatchHandle | undefined;
  private alarm: Timer | undefined;
  private heard: number;
  private over = false;

  constructor(options: ReflectorOptions<T>, stopping: AbortSignal, from: string | undefined) {
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    const timeoutSeconds = Math.floor(watchSeconds * (1 + options.random.next()));
    this.ended = promise;
    this.resolve = resolve;
    this.options = options;
    this.stopping = stopping;
    this.revision = from;
    this.collected = from === undefined ? new Map() : undefined;
    this.heard = options.clock.monotonic();
    this.deadline = this.heard + timeoutSeconds * 1000 + watchGraceMs;
    stopping.addEventListener('abort', this.hangUp, { once: true });
    this.arm();
    this.start(timeoutSeconds);
  }

  private start(timeoutSeconds: number): void {
    const { resource, selection, target } = this.options;
    if (this.collected) target.listing();
    const initial = this.collected
      ? ({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } as const)
      : { resourceVersion: this.revision };
    const asked = { ...selection, ...initial, allowBookmarks: true, timeoutSeconds, signal: this.stopping };
    resource.watch(asked, { event: this.receive, end: this.end }).then((started) => {
      this.handle = started;
      if (this.over) started.stop();
      else if (!this.collected) target.working();
    }, this.end);
  }

  private readonly hangUp = () => this.end();

  private readonly end = (error?: Error) => {
    if (this.over) return;
    this.over = true;
    this.alarm?.cancel();
    this.stopping.removeEventListener('abort', this.hangUp);
    this.handle?.stop();
    this.resolve({ error, revision: this.revision, progress: this.progress });
  };

  /** Half-open connections and forgetful servers must not leave us waiting for ever. */
  private readonly arm = () => {
    const now = this.options.clock.monotonic();
    const silence = this.collected ? this.heard + streamingSilenceMs : Number.POSITIVE_INFINITY;
    if (now >= silence) this.end(failure('Invalid', 'the server does not say when a streamed list is complete'));
    else if (now >= this.deadline) this.end(timedOut('the watch did not end when it should have'));
    else this.alarm = this.options.clock.after(Math.min(this.deadline, silence) - now, this.arm);
  };

  private readonly receive = (event: WatchEvent<T>) => {
    if (this.over) return;
    if (this.collected) {
      this.collect(this.collected, event);
      return;
    }
    if (!this.progress) this.options.target.working();
    this.progress = true;
    const { resourceVersion } = event.object.metadata;
    // Told a second time: what has happened to the object since has been told too.
    if ((compareVersions(resourceVersion, this.revision) ?? 0) < 0) return;
    this.revision = resourceVersion ?? this.revision ?? '';
    if (this.options.target.change(event.type === 'BOOKMARK' ? undefined : event, this.revision)) return;
    this.revision = undefined;
    this.end(serviceUnavailable('changes come faster than they can be taken in; everything is listed anew'));
  };

  private collect(objects: Map<string, T>, { type, object }: WatchEvent<T>): void {
    this.heard = this.options.clock.monotonic();
    if (type === 'DELETED') objects.delete(keyOf(object));
    else if (type !== 'BOOKMARK') objects.set(keyOf(object), object);
    else if (object.metadata.annotations?.[listComplete] === 'true') {
      this.collected = undefined;
      this.progress = true;
      this.revision = object.metadata.resourceVersion ?? '';
      this.options.target.snapshot([...objects.values()], this.revision);
      this.options.target.working();
    }
  }
}
