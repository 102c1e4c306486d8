/** Named checks behind /healthz, /livez and /readyz, answered in kube-apiserver's words. */

/** Undefined when all is well, else why not. Must be cheap: probes come every few seconds. */
export type Check = () => string | undefined;

export interface HealthReport {
  /** 200 or 500. */
  readonly code: number;
  /** text/plain */
  readonly body: string;
}

export interface HealthChecks {
  /** A check of the same name is replaced. Returns how to take it away. */
  readonly add: (name: string, check: Check) => () => void;
  /** `endpoint`: `readyz`. Says every check when one fails or `verbose` is asked for. */
  readonly report: (
    endpoint: string,
    options?: { readonly verbose?: boolean; readonly exclude?: readonly string[] },
  ) => HealthReport;
  /** Why it is not well, by check. */
  readonly failing: () => ReadonlyMap<string, string>;
}

export function healthChecks(): HealthChecks {
  const checks = new Map<string, Check>([['ping', () => undefined]]);

  const run = (check: Check): string | undefined => {
    try {
      return check();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  return {
    add: (name, check) => {
      checks.set(name, check);
      return () => {
        if (checks.get(name) === check) checks.delete(name);
      };
    },
    report: (endpoint, { verbose = false, exclude = [] } = {}) => {
      let failed = false;
      const lines = Array.from(checks, ([name, check]) => {
        if (exclude.includes(name)) return `[+]${name} excluded: ok`;
        const why = run(check);
        failed ||= why !== undefined;
        return why === undefined ? `[+]${name} ok` : `[-]${name} failed: ${why}`;
      });
      if (failed) return { code: 500, body: `${lines.join('\n')}\n${endpoint} check failed\n` };
      return { code: 200, body: verbose ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok' };
    },
    failing: () => {
      const failures = new Map<string, string>();
      for (const [name, check] of checks) {
        const why = run(check);
        if (why !== undefined) failures.set(name, why);
      }
      return failures;
    },
  };
}
