/** Containers, of Pods and of Pod templates. */
import type { Container, ContainerState, ContainerStatus, EnvVar, Probe } from '#apis/kubernetes/types.ts';
import { nothingThere } from '../output/labels.ts';
import { fullTime } from './metadata.ts';
import type { Page } from './page.ts';

export interface ContainersToDescribe {
  /** `Containers`, `Init Containers`. */
  readonly title: string;
  readonly containers: readonly Container[];
  /** Absent in templates. */
  readonly statuses?: readonly ContainerStatus[];
  /** In a template all stands two blanks further in. */
  readonly inTemplate: boolean;
}

export function describeContainers(
  page: Page,
  { title, containers, statuses = [], inTemplate }: ContainersToDescribe,
): void {
  page.line(inTemplate ? 1 : 0, `${title}:`);
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name);
    page.line(1, `${inTemplate ? ' ' : ''}${container.name}:`);
    basics(page, container, status);
    commands(page, container);
    if (status) states(page, status);
    resources(page, container);
    probe(page, 'Liveness', container.livenessProbe);
    probe(page, 'Readiness', container.readinessProbe);
    probe(page, 'Startup', container.startupProbe);
    environment(page, container);
    mounts(page, container);
  }
}

function basics(page: Page, { image = '', ports = [] }: Container, status: ContainerStatus | undefined): void {
  if (status) page.field(2, 'Container ID', status.containerID ?? '');
  page.field(2, 'Image', image);
  if (status) page.field(2, 'Image ID', status.imageID ?? '');
  const plural = ports.length > 1 ? 's' : '';
  const joined = (of: (port: (typeof ports)[number]) => number) =>
    ports.map((port) => `${of(port)}/${port.protocol ?? 'TCP'}`).join(', ') || nothingThere;
  page.field(
    2,
    `Port${plural}`,
    joined(({ containerPort }) => containerPort),
  );
  page.field(
    2,
    `Host Port${plural}`,
    joined(({ hostPort = 0 }) => hostPort),
  );
}

function commands(page: Page, { command = [], args = [] }: Container): void {
  for (const [title, words] of [
    ['Command', command],
    ['Args', args],
  ] as const) {
    if (words.length > 0) page.line(2, `${title}:`);
    for (const line of words.flatMap((word) => word.split('\n'))) page.line(3, line);
  }
}

function states(page: Page, { state, lastState, ready, restartCount }: ContainerStatus): void {
  oneState(page, 'State', state);
  if (lastState?.terminated) oneState(page, 'Last State', lastState);
  page.field(2, 'Ready', ready ? 'True' : 'False');
  page.field(2, 'Restart Count', restartCount);
}

function oneState(page: Page, title: string, state: ContainerState | undefined): void {
  if (state?.running) {
    page.field(2, title, 'Running');
    page.field(3, 'Started', fullTime(state.running.startedAt));
  } else if (state?.terminated) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
    page.field(2, title, 'Terminated');
    page.fieldIfAny(3, 'Reason', reason);
    page.fieldIfAny(3, 'Message', message);
    page.field(3, 'Exit Code', exitCode);
    page.fieldIfAny(3, 'Signal', signal || undefined);
    page.field(3, 'Started', fullTime(startedAt));
    page.field(3, 'Finished', fullTime(finishedAt));
  } else {
    page.field(2, title, 'Waiting');
    page.fieldIfAny(3, 'Reason', state?.waiting?.reason);
  }
}

function resources(page: Page, { resources: { limits = {}, requests = {} } = {} }: Container): void {
  for (const [title, list] of [
    ['Limits', limits],
    ['Requests', requests],
  ] as const) {
    const names = Object.keys(list).sort();
    if (names.length > 0) page.line(2, `${title}:`);
    for (const name of names) page.field(3, name, String(list[name]));
  }
}

function probe(page: Page, title: string, probed: Probe | undefined): void {
  if (!probed) return;
  const {
    initialDelaySeconds = 0,
    timeoutSeconds = 0,
    periodSeconds = 0,
    successThreshold = 0,
    failureThreshold = 0,
  } = probed;
  const attributes = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  page.field(2, title, `${probeAction(probed)} ${attributes}`);
}

function probeAction({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`;
  return 'unknown';
}

function environment(page: Page, { env = [], envFrom = [] }: Container): void {
  if (envFrom.length > 0) page.line(2, 'Environment Variables from:');
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const [type, source] = configMapRef ? ['ConfigMap', configMapRef] : ['Secret', secretRef];
    const prefixed = prefix ? ` with prefix '${prefix}'` : '';
    page.line(3, `${source?.name ?? ''}\t${type}${prefixed}\tOptional: ${source?.optional ?? false}`);
  }
  page.line(2, env.length === 0 ? `Environment:\t${nothingThere}` : 'Environment:');
  for (const variable of env) {
    for (const [i, line] of variableText(variable).split('\n').entries())
      page.line(3, i === 0 ? `${variable.name}:\t${line}` : `\t${line}`);
  }
}

/** Never the value of a Secret: where it comes from. */
function variableText({ value = '', valueFrom }: EnvVar): string {
  if (!valueFrom) return value;
  const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (secretKeyRef)
    return `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional ?? false}`;
  if (configMapKeyRef)
    return `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>\tOptional: ${configMapKeyRef.optional ?? false}`;
  if (fieldRef) return ` (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`;
  return ` (${resourceFieldRef?.resource ?? ''})`;
}

function mounts(page: Page, { volumeMounts = [] }: Container): void {
  page.line(2, volumeMounts.length === 0 ? `Mounts:\t${nothingThere}` : 'Mounts:');
  for (const { mountPath, name, readOnly, subPath } of [...volumeMounts].sort((a, b) =>
    a.mountPath < b.mountPath ? -1 : 1,
  )) {
    const flags = [readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])];
    page.line(3, `${mountPath} from ${name} (${flags.join(',')})`);
  }
}
