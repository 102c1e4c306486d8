/** Probes and life cycle hooks: one handler each, and sensible numbers. */
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, notNegative, portNumber, requireText, texts } from '../findings.ts';
import { headerName, portName } from '../names.ts';

/** A port by number or by name. */
export function checkPort(findings: Findings, path: string, port: unknown): void {
  if (typeof port === 'number') portNumber(findings, path, port);
  else texts(findings, path, textOf(port), portName(textOf(port)));
}

type Check = (findings: Findings, path: string, action: Fields) => void;

const checkExec: Check = (findings, path, action) => {
  if (itemsOf(action.command).length === 0) findings.push(requiredValue(`${path}.command`));
};

const checkHttp: Check = (findings, path, action) => {
  requireText(findings, `${path}.path`, action.path);
  checkPort(findings, `${path}.port`, action.port);
  if (action.scheme !== 'HTTP' && action.scheme !== 'HTTPS') {
    findings.push(unsupportedValue(`${path}.scheme`, textOf(action.scheme), ['HTTP', 'HTTPS']));
  }
  for (const header of itemsOf(action.httpHeaders)) {
    texts(findings, `${path}.httpHeaders`, textOf(header.name), headerName(textOf(header.name)));
  }
};

const checkTcp: Check = (findings, path, action) => checkPort(findings, `${path}.port`, action.port);

/** As long as the Pod has time to end. */
function checkSleep(grace: unknown): Check {
  return (findings, path, action) => {
    const seconds = typeof action.seconds === 'number' ? action.seconds : 0;
    if (typeof grace !== 'number' || (seconds >= 0 && seconds <= grace)) return;
    const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
    findings.push(invalidValue(path, seconds, why));
  };
}

const probeHandlers: readonly (readonly [string, Check])[] = [
  ['exec', checkExec],
  ['httpGet', checkHttp],
  ['tcpSocket', checkTcp],
  ['grpc', checkTcp],
];

function checkHandler(
  findings: Findings,
  path: string,
  holder: Fields,
  handlers: readonly (readonly [string, Check])[],
): void {
  let found = false;
  for (const [name, check] of handlers) {
    const action = holder[name];
    if (!isFields(action)) continue;
    if (found) findings.push(forbiddenField(`${path}.${name}`, 'may not specify more than 1 handler type'));
    else check(findings, `${path}.${name}`, action);
    found = true;
  }
  if (!found) findings.push(requiredValue(path, 'must specify a handler type'));
}

const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** livenessProbe, readinessProbe and startupProbe of a container. */
export function checkProbes(findings: Findings, path: string, container: Fields): void {
  checkProbe(findings, `${path}.livenessProbe`, container.livenessProbe, true);
  checkProbe(findings, `${path}.readinessProbe`, container.readinessProbe, false);
  checkProbe(findings, `${path}.startupProbe`, container.startupProbe, true);
}

/** One success tells that a container is alive or has started; only readiness may ask for more. */
function checkProbe(findings: Findings, path: string, probe: unknown, once: boolean): void {
  if (!isFields(probe)) return;
  checkHandler(findings, path, probe, probeHandlers);
  for (const name of numbers) notNegative(findings, `${path}.${name}`, probe[name]);
  const grace = probe.terminationGracePeriodSeconds;
  const at = `${path}.terminationGracePeriodSeconds`;
  if (typeof grace === 'number' && grace <= 0) findings.push(invalidValue(at, grace, 'must be greater than 0'));
  if (once) {
    if (probe.successThreshold !== 1) {
      findings.push(invalidValue(`${path}.successThreshold`, probe.successThreshold, 'must be 1'));
    }
  } else if (typeof grace === 'number') {
    findings.push(invalidValue(at, grace, 'must not be set for readinessProbes'));
  }
}

/** `grace` is the Pod's terminationGracePeriodSeconds. */
export function checkLifecycle(findings: Findings, path: string, lifecycle: unknown, grace: unknown): void {
  if (!isFields(lifecycle)) return;
  const handlers: readonly (readonly [string, Check])[] = [
    ['exec', checkExec],
    ['httpGet', checkHttp],
    ['tcpSocket', checkTcp],
    ['sleep', checkSleep(grace)],
  ];
  for (const hook of ['postStart', 'preStop']) {
    if (isFields(lifecycle[hook])) checkHandler(findings, `${path}.${hook}`, lifecycle[hook], handlers);
  }
}
