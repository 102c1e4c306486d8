/** What a client does not say of a CertificateSigningRequest: when its conditions changed. */
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { AdmissionStep, AdmissionTarget } from '../../admission/step.ts';
import { conditionsOf, type SigningRequest, withApprovals, withTimes } from './rules.ts';

const group = 'certificates.k8s.io';
const resource = 'certificatesigningrequests';
const handles = (target: AdmissionTarget) =>
  target.group === group && target.resource === resource && target.subresource !== '' && target.operation === 'UPDATE';

function timed(request: SigningRequest, old: SigningRequest, subresource: string, now: string): SigningRequest {
  const before = conditionsOf(old);
  const sent = conditionsOf(request);
  if (sent.length === 0 || sent === before) return request;
  const conditions = withTimes(subresource === 'status' ? withApprovals(sent, before) : sent, before, now);
  return { ...request, status: { ...request.status, conditions } };
}

/** Writes down what the client does not say. */
export const signingRequestFields = (clock: Clock): AdmissionStep => ({
  name: 'CertificateSigningRequestFields',
  phase: 'mutate',
  handles,
  review: ({ path, object, oldObject }) => {
    const [request, old] = [object as SigningRequest, oldObject as SigningRequest];
    return { allowed: true, object: timed(request, old, path.subresource ?? '', timestamp(clock.now())) };
  },
});
