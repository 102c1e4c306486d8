/** Taints the control plane itself puts on clusters (compatibility.md section 2.5); all have the effect NoSchedule. */

export const unschedulable = 'cluster.karmada.io/unschedulable';
export const notReady = 'cluster.karmada.io/not-ready';
export const unreachable = 'cluster.karmada.io/unreachable';
