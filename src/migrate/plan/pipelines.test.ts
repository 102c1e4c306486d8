/** Releases and applications that the taken over objects belong to, and marks whose templates are gone. */
import { expect, test } from 'vitest';
import { markedNotes } from './marked.ts';
import { pipelineNotes } from './pipelines.ts';

const object = (name: string, labels: Record<string, string>, annotations: Record<string, string> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name, labels, annotations },
});
const byHelm = { 'app.kubernetes.io/managed-by': 'Helm' };
const release = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' };

test('each pipeline is told once, with how many objects it has', () => {
  const notes = pipelineNotes([
    object('a', byHelm, release),
    object('b', byHelm, release),
    object('c', {}, { 'argocd.argoproj.io/tracking-id': 'store:apps/Deployment:shop/c' }),
    object('d', { 'argocd.argoproj.io/instance': 'old' }),
    object('e', { ...byHelm, 'helm.toolkit.fluxcd.io/name': 'f', 'helm.toolkit.fluxcd.io/namespace': 'flux' }, release),
    // A chart's label alone says nothing of a release.
    object('g', byHelm),
    object('h', {}),
  ]);
  expect(notes.map((note) => note.split(':')[0])).toEqual([
    'Argo CD application old has 1 of these',
    'Argo CD application store has 1 of these',
    'Flux HelmRelease flux/f has 1 of these',
    'Helm release shop/web has 2 of these',
  ]);
});

test('a mark without a template is told with the command that takes it off', () => {
  const marked = [
    object('a', { 'karmada.io/managed': 'true' }),
    object('b', { 'karmada.io/managed': 'true' }),
    object('c', {}),
  ];
  expect(markedNotes(marked, (each) => (each.metadata.name === 'b' ? each : undefined), 'member1')).toEqual([
    expect.stringMatching(
      /of it: Deployment shop\/a;.* kubectl --context member1 label deployment a -n shop karmada\.io\/managed-$/,
    ),
  ]);
  expect(markedNotes(marked.slice(2), () => undefined, 'member1')).toEqual([]);
});
