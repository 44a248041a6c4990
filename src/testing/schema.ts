/**
 * The structural schema that a CustomResourceDefinition carries, and the one of the VirtualMCPServer.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import type { Json } from './json.ts';

/** The part of OpenAPI v3 that structural schemas use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic';
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const string: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const condition: Schema = {
  type: 'object',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: time,
    message: { type: 'string', maxLength: 32768 },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    type: {
      type: 'string',
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    },
  },
};

const backend: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    authConfigRef: string,
    authType: string,
    circuitBreakerState: { type: 'string', enum: ['closed', 'open', 'half-open'] },
    circuitLastChanged: time,
    consecutiveFailures: { type: 'integer' },
    lastHealthCheck: time,
    mcpRevision: string,
    message: string,
    name: string,
    status: string,
    url: string,
  },
};

const status: Schema = {
  type: 'object',
  properties: {
    authzConfigHash: string,
    backendCount: { type: 'integer', format: 'int32' },
    conditions: {
      type: 'array',
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    discoveredBackends: {
      type: 'array',
      items: backend,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    message: string,
    observedGeneration: { type: 'integer', format: 'int64' },
    oidcConfigHash: string,
    phase: { type: 'string', enum: ['Pending', 'Ready', 'Degraded', 'Failed'], default: 'Pending' },
    telemetryConfigHash: string,
    url: string,
  },
};

/** The operator's half: its fields are declared, what lies below them is not looked into. */
const spec: Schema = {
  type: 'object',
  required: ['groupRef', 'incomingAuth'],
  properties: {
    authServerConfig: anything,
    config: anything,
    embeddingServerRef: anything,
    groupRef: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
    imagePullSecrets: { type: 'array', items: anything, 'x-kubernetes-list-type': 'atomic' },
    incomingAuth: {
      type: 'object',
      required: ['type'],
      properties: {
        authzConfig: anything,
        authzConfigRef: anything,
        oidcConfigRef: anything,
        type: { type: 'string', enum: ['anonymous', 'oidc'] },
      },
    },
    outgoingAuth: anything,
    passthroughHeaders: { type: 'array', items: string, 'x-kubernetes-list-type': 'atomic' },
    podTemplateSpec: anything,
    replicas: { type: 'integer', format: 'int32', minimum: 0 },
    serviceAccount: string,
    serviceType: { type: 'string', enum: ['ClusterIP', 'NodePort', 'LoadBalancer'], default: 'ClusterIP' },
    sessionAffinity: { type: 'string', enum: ['ClientIP', 'None'], default: 'ClientIP' },
    sessionStorage: anything,
    telemetryConfigRef: anything,
  },
};

/**
 * Schema of the VirtualMCPServer: the whole of `status`, the outline of `spec`.
 *
 * @param options.withoutFields names of fields that an older definition lacks, at the top of `status` or in its lists
 */
export function virtualMcpServerSchema(options: { withoutFields?: readonly string[] } = {}): Schema {
  return {
    type: 'object',
    properties: { spec, status: without(status, new Set(options.withoutFields ?? [])) },
  };
}

function without(schema: Schema, names: ReadonlySet<string>): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: without(items, names) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([name]) => !names.has(name))
              .map(([name, property]) => [name, without(property, names)]),
          ),
        }),
  };
}
