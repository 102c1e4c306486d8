/** The story of a Work whose template is gone, or that somebody wrote by hand. Pure. */
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { titled } from '../model.ts';
import { leavingStep } from './cluster.ts';
import { note, type Step, type Why } from './story.ts';
import { subjectOf } from './words.ts';

export function orphanedWork(work: Work): Why {
  const [manifest] = manifestsOf(work);
  const cluster = clusterOfExecutionNamespace(work.metadata.namespace ?? '') ?? '';
  const source = manifest
    ? `the control plane has no template of ${titled(manifest)}`
    : 'it holds nothing, so that it has no template';
  const left: readonly Step[] =
    manifest && work.metadata.deletionTimestamp ? [leavingStep(cluster, manifest, work)] : [];
  const [blocking] = left;
  return {
    object: subjectOf(work),
    ...(blocking?.block ? { blocked: blocking.block } : {}),
    walk: [note('template', source), ...left],
  };
}
