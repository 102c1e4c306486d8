/** The native controllers the control plane's own API needs: no Pods run there, but namespaces end and owners go. */
import { workloadControllers } from '#workloads/controllers.ts';
import type { KeyPair } from '#world/certificates/authority.ts';
import type { BuiltControllers, ComponentParts } from '../components/component.ts';

/** `authority`: of the control plane, for certificates of those who ask it. */
export const gcAndFriends =
  (authority?: KeyPair) =>
  ({ client, informers, mapper, events, clock, random }: ComponentParts): BuiltControllers => ({
    controllers: workloadControllers({
      client,
      informers,
      mapper,
      events: (component) => events.recorder(component),
      clock,
      random,
      ...(authority ? { authority } : {}),
      names: ['namespace', 'gc', 'serviceaccount', 'certificates'],
    }),
  });
