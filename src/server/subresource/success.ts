/** The answer of subresources that do something and show nothing. */
import type { ApiResponse } from '#kube/request/request.ts';
import type { Status } from '#kube/status/status.ts';

const created: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** 201 and a Status; durable when the write behind it is. */
export function success(written: ApiResponse): ApiResponse {
  return {
    code: 201,
    object: created,
    warnings: written.warnings,
    get durable() {
      return written.durable;
    },
  };
}
