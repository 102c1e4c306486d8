/** Default resource models of a cluster: nine grades of nodes by free CPU and memory (compatibility.md section 1.5). */
import type { ResourceModel } from './cluster.ts';

const cpu = ['0', '1', '2', '4', '8', '16', '32', '64', '128'];
const memory = ['0', '4Gi', '16Gi', '32Gi', '64Gi', '128Gi', '256Gi', '512Gi', '1Ti'];
/** int64's largest: the last grade has no upper end. */
export const unbounded = '9223372036854775807';

export const defaultModels: readonly ResourceModel[] = cpu.map((min, grade) => ({
  grade,
  ranges: [
    { name: 'cpu', min, max: cpu[grade + 1] ?? unbounded },
    { name: 'memory', min: memory[grade]!, max: memory[grade + 1] ?? unbounded },
  ],
}));
