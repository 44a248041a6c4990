/** Report a gateway's health into the status of its Kubernetes `VirtualMCPServer`. */

export type { ResourceObject } from './api/resource.ts';
export { type DetectOptions, detectCredentials } from './credentials/detect.ts';
export type { Environment } from './credentials/env.ts';
export { type EnvironmentOptions, environmentCredentials } from './credentials/environment.ts';
export { type InClusterOptions, inClusterCredentials } from './credentials/in-cluster.ts';
export {
  type StaticCredentialsOptions,
  staticCredentials,
  type TokenProvider,
} from './credentials/static.ts';
export {
  ApiError,
  type ApiErrorInfo,
  ConfigurationError,
  type ErrorCode,
  InvalidStatusError,
  type Issue,
  isApiError,
  isConfigurationError,
  isInvalidStatusError,
  isStatusReporterError,
  type StatusCause,
  StatusReporterError,
} from './errors.ts';
export { type CreateReporterOptions, createReporter } from './reporter/create.ts';
export type { DeliverySettings, K8sReporterOptions } from './reporter/kubernetes/options.ts';
export type { Strategy } from './reporter/kubernetes/strategy.ts';
export { K8sReporter } from './reporter/kubernetes.ts';
export { LoggingReporter, type LoggingReporterOptions } from './reporter/logging.ts';
export { NoOpReporter } from './reporter/noop.ts';
export {
  type Collect,
  type PeriodicOptions,
  type PeriodicReporting,
  startReporting,
} from './reporter/periodic.ts';
export type { Outcome, Reporter, ReportOptions, ReportResult, Shutdown } from './reporter/reporter.ts';
export type { BackendHealth, Health } from './status/backend-health.ts';
export { type BuildStatusOptions, buildStatus } from './status/build.ts';
export type { Owns } from './status/ownership.ts';
export { parseStatus, statusSchema } from './status/parse.ts';
export type {
  StandardSchemaIssue,
  StandardSchemaResult,
  StandardSchemaV1,
} from './status/standard-schema.ts';
export type {
  CircuitBreakerState,
  Condition,
  ConditionStatus,
  DiscoveredBackend,
  Phase,
  Status,
  Time,
} from './status/types.ts';
export type { FetchInit, FetchLike, FetchResponse } from './transport/from-fetch.ts';
export type {
  Access,
  ConsoleLike,
  Credentials,
  Logger,
  PinoLike,
  Schedule,
  TlsOptions,
  Transport,
  TransportRequest,
  TransportResponse,
} from './types.ts';
