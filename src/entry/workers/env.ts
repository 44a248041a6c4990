import { ConfigurationError } from '../../errors.ts';
import type { ObjectNamespace } from './platform.ts';

/** Variables, secrets and bindings of the Worker; `wrangler.toml` says what they mean. */
export interface Env extends Readonly<Record<string, unknown>> {
  /** Durable Objects that accept and deliver: class `StatusDelivery`. */
  readonly STATUS_DELIVERY?: ObjectNamespace;
  /** Durable Object that knows all resources: class `StatusIndex`. */
  readonly STATUS_INDEX?: ObjectNamespace;
  /** Binding whose `fetch` reaches the API server: a VPC service, or one with a client certificate. */
  readonly API_SERVER?: { readonly fetch: typeof fetch };
}

/** @throws ConfigurationError where it is not bound */
export function bound<Name extends 'STATUS_DELIVERY' | 'STATUS_INDEX'>(
  env: Env,
  name: Name,
): NonNullable<Env[Name]> {
  const objects = env[name];
  if (objects !== undefined) return objects;
  throw new ConfigurationError(
    `Expected the binding ${name} to Durable Objects, found none. Bind it as wrangler.toml of this package does.`,
  );
}
