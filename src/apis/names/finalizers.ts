/** Every finalizer the control plane sets (compatibility.md section 2.4), each owned by one controller. */

export const cluster = 'karmada.io/cluster-controller';
export const execution = 'karmada.io/execution-controller';
export const binding = 'karmada.io/binding-controller';
export const clusterBinding = 'karmada.io/cluster-resource-binding-controller';
/** On a binding whose dependencies are distributed: they are let go before it is. */
export const dependencies = 'karmada.io/binding-dependencies-distributor';
export const policy = 'karmada.io/propagation-policy-controller';
export const clusterPolicy = 'karmada.io/cluster-propagation-policy-controller';
