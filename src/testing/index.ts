/**
 * `vmcp-status-reporter/testing`: a fake Kubernetes API server for the tests of gateways, and faults to put around it.
 * Runs on Node, Bun, Deno and workerd.
 */
export { createFakeApiServer, type FakeApiServer } from './api-server.ts';
export type { Identify } from './authentication.ts';
export type { AccessRule } from './authorization.ts';
export type { DirectWriteOptions } from './direct-access.ts';
export {
  conflict,
  expireToken,
  type Fault,
  type FetchLike,
  type Handler,
  latency,
  on,
  reset,
  resetAfter,
  sequence,
  serverError,
  throttle,
  times,
  truncate,
  unavailable,
  when,
  withFaults,
} from './faults.ts';
export type { KubernetesObject, ManagedFieldsEntry, ObjectMeta } from './object.ts';
export type { FakeApiServerOptions, RecordedRequest, SeedObject, TokenOwner } from './options.ts';
export { StatusError } from './status-error.ts';
export type {
  StoredBackend,
  StoredCondition,
  VirtualMcpServer,
  VirtualMcpServerStatus,
  VirtualMcpServerVersion,
} from './virtual-mcp-server.ts';
