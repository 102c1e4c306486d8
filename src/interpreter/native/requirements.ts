/** What one replica asks of a node, read from its Pod template. */
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { addQuantity, compareQuantity, formatQuantity, parseQuantity } from '#kube/quantity/quantity.ts';

type Resources = Readonly<Record<string, string | number>>;

interface Container {
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
  /** `Always` makes an init container a sidecar: it runs beside the others. */
  readonly restartPolicy?: string;
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly overhead?: Resources;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: NonNullable<NonNullable<ReplicaRequirements['nodeClaim']>['tolerations']>;
  readonly priorityClassName?: string;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: NonNullable<
        NonNullable<ReplicaRequirements['nodeClaim']>['hardNodeAffinity']
      >;
    };
  };
}

export interface PodTemplate {
  readonly spec?: PodSpec;
}

function combine(left: Resources, right: Resources, choose: (a: string, b: string) => string): Resources {
  const result: Record<string, string> = {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [a, b] = [left[name], right[name]];
    result[name] = a === undefined ? String(b) : b === undefined ? String(a) : choose(String(a), String(b));
  }
  return result;
}

const sum = (a: string, b: string) => formatQuantity(addQuantity(parseQuantity(a), parseQuantity(b)));
const larger = (a: string, b: string) => (compareQuantity(parseQuantity(a), parseQuantity(b)) >= 0 ? a : b);

/** Where only a limit is stated, the API server makes it the request, too, once there is a Pod. */
const askedBy = ({ resources }: Container): Resources => ({ ...resources?.limits, ...resources?.requests });

/** Requests of a Pod: containers and sidecars together, or the largest init container when that is more; plus overhead. */
function requests(spec: PodSpec): Resources {
  let running: Resources = {};
  let starting: Resources = {};
  for (const container of spec.initContainers ?? []) {
    const asked = askedBy(container);
    if (container.restartPolicy === 'Always') running = combine(running, asked, sum);
    else starting = combine(starting, asked, larger);
  }
  for (const container of spec.containers ?? []) running = combine(running, askedBy(container), sum);
  return combine(combine(running, starting, larger), spec.overhead ?? {}, sum);
}

/** Undefined when the template asks for nothing a scheduler could use, as the reference leaves the field out then. */
export function requirementsOf(template: PodTemplate | undefined): ReplicaRequirements | undefined {
  const spec = template?.spec;
  if (!spec) return undefined;
  const hardNodeAffinity = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const claims = { hardNodeAffinity, nodeSelector: spec.nodeSelector, tolerations: spec.tolerations };
  const nodeClaim = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const resourceRequest = requests(spec);
  const found: ReplicaRequirements = {
    ...(Object.keys(nodeClaim).length > 0 ? { nodeClaim } : {}),
    ...(Object.keys(resourceRequest).length > 0 ? { resourceRequest } : {}),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}
