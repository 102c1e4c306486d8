/** What is counted, under which labels. */
import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { kindRegistry } from '../registry/kinds/registry.ts';
import type { CountedRequest } from './requests.ts';
import { serverMetrics } from './server-metrics.ts';

const resource = { verb: 'get', group: '', version: 'v1', resource: 'pods', namespace: 'web', name: 'a' };
const asked: CountedRequest = {
  method: 'GET',
  pathname: '/api/v1/namespaces/web/pods/a',
  resource,
  applies: false,
  dryRun: false,
  lasting: false,
};

function counting() {
  const clock = simulatedClock();
  const metrics = serverMetrics({
    clock,
    kinds: kindRegistry(builtinKinds()),
    storage: { count: (name) => (name === 'pods' ? 7 : 0) },
    services: () => [
      ['v1.apps', true],
      ['v1.gone.example.com', false],
    ],
  });
  const lines = () => metrics.text('v1.35.3', 'linux/amd64').split('\n');
  const find = (start: string) => lines().filter((line) => line.startsWith(start));
  return { clock, metrics, find };
}

const podLabels =
  'component="apiserver",dry_run="",group="",resource="pods",scope="resource",subresource="",verb="GET",version="v1"';

describe('requests', () => {
  it('are counted by what they ask for and how they end', async () => {
    const { clock, metrics, find } = counting();
    const { answered } = metrics.began(asked);
    expect(find('apiserver_current_inflight_requests{request_kind="readOnly"}')).toEqual([
      'apiserver_current_inflight_requests{request_kind="readOnly"} 1',
    ]);
    await clock.advance(300);
    answered({ code: 200, waitedMs: 100 });
    expect(find('apiserver_request_total')).toEqual([`apiserver_request_total{code="200",${podLabels}} 1`]);
    expect(find(`apiserver_request_duration_seconds_bucket{${podLabels},le="0.2"}`)[0]).toMatch(/ 0$/);
    expect(find(`apiserver_request_duration_seconds_bucket{${podLabels},le="0.4"}`)[0]).toMatch(/ 1$/);
    const plain = podLabels.replace('dry_run="",', '');
    expect(find(`apiserver_request_sli_duration_seconds_sum{${plain}}`)[0]).toMatch(/ 0\.2$/);
    expect(find('apiserver_current_inflight_requests')).toContain(
      'apiserver_current_inflight_requests{request_kind="readOnly"} 0',
    );
  });

  it('have the verbs of kube-apiserver', () => {
    const { metrics, find } = counting();
    const verb = (request: Partial<CountedRequest>) => {
      metrics.began({ ...asked, ...request }).answered({ code: 200, waitedMs: 0 });
      return /verb="(\w+)"/.exec(find('apiserver_request_total').at(-1)!)![1];
    };
    const { name: _name, ...collection } = resource;
    expect(verb({ method: 'PATCH', resource: { ...resource, verb: 'patch' }, applies: true })).toBe('APPLY');
    expect(verb({ resource: { ...collection, verb: 'list' } })).toBe('LIST');
    expect(verb({ resource: { ...resource, verb: 'create', subresource: 'exec' }, lasting: true })).toBe('CONNECT');
    expect(verb({ method: 'GET', pathname: '/readyz/etcd', resource: undefined })).toBe('GET');
    expect(find('apiserver_request_total').at(-1)).toContain('subresource="/readyz"');
  });

  it('that last are told while they do', () => {
    const { metrics, find } = counting();
    const { name: _name, ...collection } = resource;
    const watch = metrics.began({ ...asked, resource: { ...collection, verb: 'watch' }, lasting: true });
    watch.answered({ code: 200, waitedMs: 0 });
    metrics.watchEvents(collection).add(3);
    expect(find('apiserver_longrunning_requests')[0]).toMatch(/scope="namespace".*verb="WATCH".* 1$/);
    expect(find('apiserver_watch_events_total')).toEqual([
      'apiserver_watch_events_total{group="",version="v1",resource="pods"} 3',
    ]);
    watch.ended();
    expect(find('apiserver_longrunning_requests')[0]).toMatch(/ 0$/);
  });
});

it('what is stored and served is told as it is', () => {
  const { find } = counting();
  expect(find('apiserver_storage_objects')).toContain('apiserver_storage_objects{resource="pods"} 7');
  expect(find('apiserver_resource_objects')).toContain(
    'apiserver_resource_objects{group="apps",resource="deployments"} 0',
  );
  expect(find('aggregator_unavailable_apiservice')).toEqual([
    'aggregator_unavailable_apiservice{name="v1.apps"} 0',
    'aggregator_unavailable_apiservice{name="v1.gone.example.com"} 1',
  ]);
  expect(find('kubernetes_build_info')[0]).toContain('git_version="v1.35.3",major="1",minor="35"');
});
