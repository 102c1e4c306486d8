/** Create: from the body of a POST to a stored object, one step after the other. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { alreadyExists, forbidden, methodNotAllowed, stillTerminating } from '#kube/status/errors.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { after, readable, rehearsed, storable } from '../kinds/remote.ts';
import { fromWrite, toStorage } from '../kinds/served.ts';
import { withField, withMetadata } from '../metadata.ts';
import { mutate, reviewed } from './admit.ts';
import { decode, envelope } from './decode.ts';
import { mainDoor } from './door.ts';
import { guardCauses, guarded } from './guarded.ts';
import { recordManager } from './managed.ts';
import { generatedName, inNamespace, tellSent } from './names.ts';
import { validateCreate, warn } from './validate.ts';
import { withoutDuplicateOwners } from './validate-metadata.ts';

/** As kube-apiserver: so many suffixes are tried before a generated name is given up. */
const nameAttempts = 8;

export async function create(registry: Registry, scope: Scope): Promise<ApiResponse> {
  if (scope.name !== '') throw methodNotAllowed(`create is not supported on a named ${scope.served.definition.kind}`);
  const sent = inNamespace(scope, envelope(scope.served, scope.request.body));
  const object = decode(scope, sent);
  tellSent(scope, object);
  return createDecoded(registry, scope, object, (decoded) => recordManager(registry, scope, decoded, undefined, ''));
}

/** The pipeline of a new object, whichever verb brings it. `own` writes its managedFields. */
export async function createDecoded(
  registry: Registry,
  scope: Scope,
  decoded: KubeObject,
  own: (object: KubeObject) => KubeObject,
): Promise<ApiResponse> {
  refuseEarly(scope, decoded);
  const owned = own(oneOwnerEach(scope, decoded));
  const admitted = await mutate(registry, scope, 'CREATE', mainDoor, owned, undefined);
  const generated = !admitted.metadata.name && admitted.metadata.generateName !== undefined;
  for (let attempt = 1; ; attempt++) {
    const prepared = prepare(scope, identified(registry, scope, admitted));
    try {
      return await guarded(registry, scope, prepared, undefined, async (object) => {
        await validateCreate(scope, object, await guardCauses(registry, scope, object, undefined, ''));
        return reviewed(registry, scope, 'CREATE', mainDoor, object, undefined, () => {
          warn(scope, object);
          return commit(registry, scope, object);
        });
      });
    } catch (error) {
      if (!generated || !isReason(error, 'AlreadyExists') || attempt === nameAttempts) throw error;
    }
  }
}

/** Throws what no later step could mend. */
function refuseEarly(scope: Scope, object: KubeObject): void {
  const { createRefused } = scope.served;
  if (createRefused !== undefined) throw forbidden(scope.served.definition, object.metadata.name ?? '', createRefused);
  const { resourceVersion } = object.metadata;
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return;
  // kube-apiserver's storage says it, so that it reaches the client as a plain 500.
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'resourceVersion should not be set on objects to be created',
    code: 500,
  });
}

export function oneOwnerEach(scope: Scope, decoded: KubeObject): KubeObject {
  const { object, warnings } = withoutDuplicateOwners(decoded);
  scope.warnings.push(...warnings);
  return object;
}

/** Name, uid and times: what the server, not the client, says about a new object. */
function identified(registry: Registry, { served }: Scope, admitted: KubeObject): KubeObject {
  const { random, clock } = registry.world;
  const { name, generateName } = admitted.metadata;
  const named = served.traits.namesItself ? random.uuid() : undefined;
  return withMetadata(admitted, {
    uid: random.uuid(),
    name: name || (generateName ? generatedName(generateName, random) : named),
    creationTimestamp: timestamp(clock.now()),
    generation: served.custom || served.definition.native?.hasGeneration ? 1 : undefined,
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
}

/** Clears what a client may not choose. */
function prepare({ served, request }: Scope, object: KubeObject): KubeObject {
  const { native, subresources } = served.definition;
  if (served.custom) return subresources.status ? withField(object, 'status', undefined) : object;
  return native?.prepareForCreate?.(object, request.user) ?? object;
}

function commit(registry: Registry, scope: Scope, object: KubeObject): ApiResponse | Promise<ApiResponse> {
  return after(storable(scope.served, object), () => store(registry, scope, object));
}

function store(registry: Registry, scope: Scope, object: KubeObject): ApiResponse | Promise<ApiResponse> {
  const { served, namespace, dryRun } = scope;
  const { name = '' } = object.metadata;
  const place = { served, namespace, name };
  const there = registry.storage.get(place);
  if (there) {
    const { deletionTimestamp } = there.metadata;
    throw deletionTimestamp === undefined
      ? alreadyExists(served.definition, name)
      : stillTerminating(served.definition, name);
  }
  if (dryRun) {
    const shown = rehearsed(served, object);
    return shown instanceof Promise
      ? shown.then((each) => answer(registry, scope, each, 201, 0))
      : answer(registry, scope, shown, 201, 0);
  }
  const stored = registry.storage.create(place, toStorage(served, object));
  return after(readable(served, [stored]), () => answer(registry, scope, fromWrite(served, stored), 201));
}
