/** A component's line to API servers that can be cut at any instruction, as a process that is killed leaves it. */
import type { ApiHandler } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';

export interface Line {
  cut: boolean;
}

const gone = () => serviceUnavailable('simulated: the process has been killed');

/** What was asked before the cut is done; the answer does not arrive, and nothing is told any more. */
export const cuttable = (handler: ApiHandler, line: Line): ApiHandler => ({
  handle: async (request) => {
    if (line.cut) throw gone();
    const answer = await handler.handle(request);
    if (line.cut) throw gone();
    return answer;
  },
  watch: async (request, sink) => {
    if (line.cut) throw gone();
    return handler.watch(request, {
      event: (event) => {
        if (!line.cut) sink.event(event);
      },
      end: (error) => {
        if (!line.cut) sink.end(error);
      },
    });
  },
  raw: async (path, user, accept) => {
    if (line.cut) throw gone();
    return handler.raw(path, user, accept);
  },
});
