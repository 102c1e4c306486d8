/** Where the takeover cases take place: a control plane and one member, which is simulated or a real kube-apiserver. */
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { quiet } from '#harness/samples.ts';

export interface Ground {
  /** The control plane, as those want it who wait for the flow. */
  readonly plane: Pick<Flow, 'control' | 'until'>;
  readonly control: Kubectl;
  readonly member: Kubectl;
  /** The same object in this case's own namespace. */
  readonly place: (object: Anything) => Anything;
  readonly until: Flow['until'];
  /** All that was done so far, by whomever, has had its effect on the member's object of this template. */
  readonly settled: (template: Anything) => Promise<void>;
  /** The member's own controllers have done with this Deployment; true where it has none. */
  readonly rolledOut: (object: Anything) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Started once for all cases. */
export interface Site {
  /** For one case, which begins with nothing in its way. `title` names it in what is recorded. */
  readonly open: (title: string) => Promise<Ground>;
  readonly stop: () => Promise<void>;
}

/** Each case on planes of its own, on a clock that the case moves. */
export const simulatedSite = async (): Promise<Site> => ({
  open: async () => {
    const flow = await startFlow({ members: ['member1'] });
    return {
      plane: flow,
      control: kubectl(flow.control),
      member: kubectl(flow.member('member1')),
      place: (object) => object,
      until: flow.until,
      settled: () => quiet(flow),
      rolledOut: async () => true,
      close: () => flow.stop(),
    };
  },
  stop: async () => {},
});
