import { type Abort, abortSignal } from '../abort.ts';
import type { Access, Credentials, Sender } from '../types.ts';

/** Where requests go, at this moment. */
export interface Connection {
  readonly access: Access;
  readonly transport: Sender;
}

/** The current connection, at once where it is known; with `refresh`, after credentials were read again. */
export type Connect = (options: { refresh: boolean; signal: Abort }) => Connection | Promise<Connection>;

/** Connects with these credentials, through the transport that belongs to what they say. */
export function connectWith(credentials: Credentials, transports: { for(access: Access): Sender }): Connect {
  const over = (access: Access) => ({ access, transport: transports.for(access) });
  return ({ refresh, signal }) => {
    const access = !refresh && credentials.current?.();
    if (access) return over(access);
    return credentials.access({ refresh, signal: abortSignal(signal) }).then(over);
  };
}
