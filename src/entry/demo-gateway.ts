import type { Caller, Dispatcher } from '../http/model.ts';
import type { Target } from '../http/target.ts';
import { toLog } from '../reporter/logger.ts';
import { buildStatus } from '../status/build.ts';
import type { Status } from '../status/types.ts';
import type { Logger } from '../types.ts';
import { createDemoBackends, demoBackendCount, pseudoRandom } from './demo-backends.ts';

export interface DemoGatewayOptions {
  /** The resource that it reports on. */
  readonly target: Target;
  /** Takes its reports as it takes everybody's. */
  readonly dispatcher: Pick<Dispatcher, 'submit'>;
  /** Milliseconds from one round of health checks to the next. Default 3,000. */
  readonly interval?: number;
  /** In [0, 1). Default: the same story at every start, with trouble in its first half minute. */
  readonly random?: () => number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Told of reports that were not delivered. Default: none. */
  readonly logger?: Logger;
}

/** A gateway in this process whose backends do not exist, but change their health as real ones do. */
export interface DemoGateway {
  /** Ends it after the report under way. Idempotent; never rejects. */
  stop(): Promise<void>;
}

const gateway: Caller = { name: 'demo gateway', partition: 'service', may: () => true };
const seed = 35;

/** Starts reporting at once: first that nothing was checked yet, then what each round of checks finds. */
export function startDemoGateway(options: DemoGatewayOptions): DemoGateway {
  const { target, dispatcher, interval = 3_000, random = pseudoRandom(seed), now = Date.now } = options;
  const log = toLog(options.logger);
  const check = createDemoBackends(random);

  async function report(status: Status, observedAt: number): Promise<void> {
    try {
      const { result } = await dispatcher.submit(
        { target, status, instance: 'demo-gateway', observedAt },
        gateway,
      );
      await result;
    } catch (error) {
      log('warn', 'The demo gateway could not report', { error });
    }
  }

  function round(): Promise<void> {
    const at = now();
    return report(buildStatus(check(new Date(at)), { now: new Date(at) }), at);
  }

  const started = now();
  let last = report(buildStatus([], { configuredCount: demoBackendCount, now: new Date(started) }), started);
  const timer = setInterval(() => {
    last = round();
  }, interval);
  return {
    stop() {
      clearInterval(timer);
      return last;
    },
  };
}
