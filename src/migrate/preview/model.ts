/** What policies that are not applied yet would do: to whom templates belong, where they go, what changes there. */
import type { Subject } from '../why/story.ts';

/** For ids that objects get when they are made; what they are changes nothing here. */
export const someId = '00000000-0000-4000-8000-000000000000';

export interface ClusterOutcome {
  readonly cluster: string;
  /** Whether the template comes there, leaves, or is changed there. */
  readonly is: 'comes' | 'leaves' | 'changes';
  readonly replicas?: { readonly before?: number; readonly after?: number };
  /** Fields that would change, `.spec.replicas`; the record of who owns it apart. */
  readonly fields?: readonly string[];
  /** Fields of them for which Pods would be replaced. */
  readonly restarts?: readonly string[];
  /** Pods would stop: their object leaves, or has fewer replicas. */
  readonly stops?: boolean;
  /** Why it would not be written: the member has one of its own. */
  readonly conflict?: string;
  readonly notes?: readonly string[];
}

export type Ownership = 'kept' | 'claimed' | 'preempted' | 'released' | 'none';

export interface TemplateOutcome {
  readonly object: Subject;
  /** Policies by their titles. */
  readonly owner: { readonly before?: string; readonly after?: string; readonly is: Ownership };
  /** It had a place, and would have none. */
  readonly loses?: boolean;
  /** Why it would not be placed, or not all of it. */
  readonly failure?: string;
  readonly notes?: readonly string[];
  readonly clusters: readonly ClusterOutcome[];
}

export interface PolicyOutcome {
  readonly policy: string;
  readonly is: 'new' | 'changed' | 'unchanged' | 'deleted' | 'refused';
  /** The API server's own words. */
  readonly refused?: string;
}

export interface Preview {
  readonly policies: readonly PolicyOutcome[];
  /** Those for which something changes. */
  readonly templates: readonly TemplateOutcome[];
  /** Concerned, but nothing changes for them. */
  readonly untouched: number;
}

const isChanged = ({ owner, loses, failure, notes = [], clusters }: TemplateOutcome): boolean =>
  !['kept', 'none'].includes(owner.is) ||
  loses === true ||
  failure !== undefined ||
  notes.length > 0 ||
  clusters.length > 0;

export function previewOf(policies: readonly PolicyOutcome[], outcomes: readonly TemplateOutcome[]): Preview {
  const templates = outcomes.filter(isChanged);
  return { policies, templates, untouched: outcomes.length - templates.length };
}

/** Templates for which Pods would stop or restart, or that lose their place or their policy. */
export const harmed = ({ templates }: Preview): readonly TemplateOutcome[] =>
  templates.filter(
    ({ owner, loses, clusters }) =>
      loses || owner.is === 'released' || clusters.some(({ stops, restarts = [] }) => stops || restarts.length > 0),
  );
