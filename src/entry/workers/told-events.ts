/** What happens in a delivery object, until the index is told. */

import type { Observer } from '../../http/metrics/events.ts';
import type { ObjectEvent } from './messages.ts';

export interface ToldEvents extends Observer {
  /**
   * Hands over what happened; where that fails it is kept for the next time.
   *
   * @throws what `tell` throws
   */
  hand(tell: (events: readonly ObjectEvent[]) => Promise<void>): Promise<void>;
}

/** Most events kept while the index cannot be told: counting is not worth more memory. */
const most = 1000;

export function createToldEvents(): ToldEvents {
  let events: ObjectEvent[] = [];
  const keep = (event: ObjectEvent) => {
    if (events.length < most) events.push(event);
  };
  return {
    report: report => keep({ report }),
    request: request => keep({ request }),
    async hand(tell) {
      const handed = events;
      events = [];
      try {
        await tell(handed);
      } catch (error) {
        events = [...handed, ...events].slice(0, most);
        throw error;
      }
    },
  };
}
