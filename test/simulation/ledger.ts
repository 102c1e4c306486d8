/**
 * What has been asked for so far, and so what must hold: which Pods nobody has given a reason to go, which applications
 * may be gone. Pods are told by their UID.
 */
import { type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { Flow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { count, template } from './applications.ts';

export interface Ledger {
  /** Takes all Pods that run now under protection, but those whose template asks for other ones as soon as it has a policy. */
  readonly protectPods: () => Promise<void>;
  /** Whoever asked for this application's change accepts that Pods of it go (in one member, or in all). */
  readonly release: (application: number, member?: string) => void;
  /** A template was deleted while the flag was not set: its workload may go. */
  readonly mayGo: (application: number) => void;
  readonly mayBeGone: (application: number) => boolean;
  /** Protected Pods that are not there any more, or were restarted. */
  readonly harmed: () => Promise<readonly string[]>;
}

/** What makes a Deployment's Pods what and how many they are. */
const asked = ({ spec }: Anything): string => `${spec.replicas} ${spec.template.spec.containers[0].image}`;

const members = ['member1', 'member2'];
const applicationOf = (pod: Pod): number => Number(pod.metadata.labels?.app?.slice('app-'.length));

export function ledger(flow: Flow): Ledger {
  const kept = new Map<string, { readonly member: string; readonly application: number; readonly name: string }>();
  const gone = new Set<number>();
  const podsOf = async (member: string) =>
    (await flow.member(member).resource<Pod>(Pods).list({ namespace: 'default' })).items;
  const changingIn = async (member: string) => {
    const [control, there] = [kubectl(flow.control), kubectl(flow.member(member))];
    const changing = new Set<number>();
    for (let i = 0; i < count; i++) {
      const [wanted, held] = [await control.find(template(i)), await there.find(template(i))];
      if (wanted && held && asked(wanted) !== asked(held)) changing.add(i);
    }
    return changing;
  };
  const release = (application: number, member?: string) => {
    for (const [uid, pod] of kept)
      if (pod.application === application && (member === undefined || pod.member === member)) kept.delete(uid);
  };
  return {
    protectPods: async () => {
      kept.clear();
      for (const member of members) {
        const changing = await changingIn(member);
        for (const pod of await podsOf(member)) {
          const application = applicationOf(pod);
          if (pod.metadata.deletionTimestamp === undefined && !changing.has(application))
            kept.set(pod.metadata.uid!, { member, application, name: pod.metadata.name! });
        }
      }
    },
    release,
    mayGo: (application) => {
      gone.add(application);
      release(application);
    },
    mayBeGone: (application) => gone.has(application),
    harmed: async () => {
      const found = new Map<string, Pod>();
      for (const member of members) for (const pod of await podsOf(member)) found.set(pod.metadata.uid!, pod);
      return [...kept].flatMap(([uid, { member, name }]) => {
        const pod = found.get(uid);
        if (!pod) return [`${member} ${name} is gone`];
        if (pod.metadata.deletionTimestamp) return [`${member} ${name} is being deleted`];
        const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0);
        return restarts > 0 ? [`${member} ${name} was restarted`] : [];
      });
    },
  };
}
