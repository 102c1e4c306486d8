/** Approved CertificateSigningRequests get their certificate from the cluster's authority, and old ones go. */
import { type CertificateSigningRequest, CertificateSigningRequests } from '#apis/kubernetes/types.ts';
import { type Controller, done, requeueAfter } from '#runtime/reconciler.ts';
import type { CertificateAuthority, KeyPair } from '#world/certificates/authority.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { WorkloadOptions } from '../options.ts';
import { managedResource } from '../resources.ts';
import { priorityOf } from '../wake.ts';
import { isOurs, type RequestFacts, removedFrom, verdictOn } from './plan.ts';

const workers = 2;

/** Cryptography is loaded when the first request is approved. */
async function readRequest(pem: string): Promise<RequestFacts> {
  return (await import('#world/certificates/signing-request.ts')).readSigningRequest(pem);
}

type Status = NonNullable<CertificateSigningRequest['status']>;

const withStatus = (request: CertificateSigningRequest, status: Partial<Status>): CertificateSigningRequest => ({
  ...request,
  status: { ...request.status, ...status },
});

function failed(request: CertificateSigningRequest, message: string, now: number): CertificateSigningRequest {
  const time = timestamp(now);
  const condition = {
    type: 'Failed',
    status: 'True',
    reason: 'SignerValidationFailure',
    message,
    lastUpdateTime: time,
    lastTransitionTime: time,
  };
  return withStatus(request, { conditions: [...(request.status?.conditions ?? []), condition] });
}

/** `authority`: without one requests are removed when they are old, and signed by somebody else. */
export function certificatesController(options: WorkloadOptions): Controller {
  const { clock, authority } = options;
  const requests = managedResource(options, CertificateSigningRequests);
  let loaded: Promise<CertificateAuthority> | undefined;
  const authorityOf = (pair: KeyPair) => {
    loaded ??= import('#world/certificates/authority.ts').then(({ loadCertificateAuthority }) =>
      loadCertificateAuthority(pair, clock),
    );
    return loaded;
  };

  const sign = async (request: CertificateSigningRequest, pair: KeyPair) => {
    const pem = Buffer.from(request.spec.request, 'base64').toString('latin1');
    const verdict = verdictOn(request, await readRequest(pem));
    if (verdict.outcome === 'leave') return;
    if (verdict.outcome === 'fail') {
      await requests.updateStatus(failed(request, verdict.message, clock.now()));
      return;
    }
    const { signRequest } = await authorityOf(pair);
    const certificate = signRequest(pem, { uses: [verdict.purpose], validForMs: verdict.validForMs });
    await requests.updateStatus(withStatus(request, { certificate: Buffer.from(certificate).toString('base64') }));
  };

  return {
    name: 'certificates',
    workers,
    setUp: (enqueue) => {
      requests.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(change.object.metadata.name!, priorityOf(change));
      });
    },
    reconcile: async (name) => {
      const request = requests.get(name);
      if (!request || request.metadata.deletionTimestamp) return done;
      if (authority && isOurs(request)) {
        await sign(request, authority);
        return done;
      }
      const from = removedFrom(request);
      if (from === undefined) return done;
      const left = from - clock.now();
      if (left > 0) return requeueAfter(left, 'until it is old enough to be removed');
      await requests.delete(request);
      return done;
    },
  };
}
