/** The order of API versions: v2 before v1 before v1beta2 before v1beta1 before v1alpha1, then anything else by name. */

const kubeVersion = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/;

const stages: Readonly<Record<string, number>> = { alpha: 1, beta: 2, stable: 3 };

/** Negative when `left` comes first (apimachinery version.CompareKubeAwareVersionStrings, highest first). */
export function compareVersions(left: string, right: string): number {
  const a = kubeVersion.exec(left);
  const b = kubeVersion.exec(right);
  if (!a || !b) {
    if (a) return -1;
    if (b) return 1;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const stage = (stages[b[2] ?? 'stable'] ?? 0) - (stages[a[2] ?? 'stable'] ?? 0);
  if (stage !== 0) return stage;
  return Number(b[1]) - Number(a[1]) || Number(b[3] ?? 0) - Number(a[3] ?? 0);
}
