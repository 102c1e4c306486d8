/** The native controllers the control plane's own API needs: no Pods run there, but namespaces end and owners go. */
import { workloadControllers } from '#workloads/controllers.ts';
import type { BuiltControllers, ComponentParts } from '../components/component.ts';

export const gcAndFriends = ({
  client,
  informers,
  mapper,
  events,
  clock,
  random,
}: ComponentParts): BuiltControllers => ({
  controllers: workloadControllers({
    client,
    informers,
    mapper,
    events: (component) => events.recorder(component),
    clock,
    random,
    names: ['namespace', 'gc', 'serviceaccount'],
  }),
});
