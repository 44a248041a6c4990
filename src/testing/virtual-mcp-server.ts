/** The VirtualMCPServer as its CustomResourceDefinition describes it. */
import type { Condition, DiscoveredBackend, Phase } from '../status/types.ts';
import { objectAtom } from './atom.ts';
import { isObject } from './json.ts';
import type { KubernetesObject } from './object.ts';
import type { Column, ResourceType } from './resource-type.ts';
import { type Schema, virtualMcpServerSchema } from './schema.ts';

/** `status` as the API serves it: times are RFC 3339 text. */
export interface VirtualMcpServerStatus {
  phase?: Phase;
  message?: string;
  /** Set by the operator. */
  url?: string;
  conditions?: StoredCondition[];
  discoveredBackends?: StoredBackend[];
  backendCount?: number;
  observedGeneration?: number;
  /** Set by the operator. */
  authzConfigHash?: string;
  /** Set by the operator. */
  oidcConfigHash?: string;
  /** Set by the operator. */
  telemetryConfigHash?: string;
}

/** A condition as stored. */
export interface StoredCondition extends Omit<Condition, 'lastTransitionTime'> {
  lastTransitionTime: string;
}

/** A backend as stored. */
export interface StoredBackend extends Omit<DiscoveredBackend, 'lastHealthCheck' | 'circuitLastChanged'> {
  lastHealthCheck?: string;
  circuitLastChanged?: string;
}

/** A VirtualMCPServer as a test reads it: a copy, free to be changed. */
export interface VirtualMcpServer extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: VirtualMcpServerStatus;
}

/** A served version of the resource. */
export type VirtualMcpServerVersion = 'v1beta1' | 'v1alpha1';

const columns: readonly Column[] = [
  {
    name: 'Phase',
    type: 'string',
    description: 'The phase of the VirtualMCPServer',
    cell: object => at(object, 'status', 'phase'),
  },
  {
    name: 'URL',
    type: 'string',
    description: 'Virtual MCP server URL',
    cell: object => at(object, 'status', 'url'),
  },
  {
    name: 'Backends',
    type: 'integer',
    description: 'Discovered backends count',
    cell: object => at(object, 'status', 'backendCount'),
  },
  {
    name: 'Age',
    type: 'date',
    description: 'Age',
    cell: object => at(object, 'metadata', 'creationTimestamp'),
  },
  {
    name: 'Ready',
    type: 'string',
    description:
      "Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=='Ready')].status",
    cell: object => {
      const conditions = at(object, 'status', 'conditions');
      const ready = Array.isArray(conditions)
        ? conditions.find(item => isObject(item) && item.type === 'Ready')
        : undefined;
      return isObject(ready) ? ready.status : undefined;
    },
  },
];

function at(object: Record<string, unknown>, field: string, key: string): unknown {
  const value = object[field];
  return isObject(value) ? value[key] : undefined;
}

/** The resource type with these versions, and with this schema instead of the built-in one. */
export function virtualMcpServerType(options: {
  versions: readonly VirtualMcpServerVersion[];
  schema?: Schema;
  withoutFields?: readonly string[];
}): ResourceType {
  const schema = options.schema ?? virtualMcpServerSchema({ withoutFields: options.withoutFields ?? [] });
  return {
    group: 'toolhive.stacklok.dev',
    resource: 'virtualmcpservers',
    kind: 'VirtualMCPServer',
    singular: 'virtualmcpserver',
    shortNames: ['vmcp', 'virtualmcp'],
    categories: ['toolhive'],
    namespaced: true,
    versions: options.versions,
    warnings: { v1alpha1: 'toolhive.stacklok.dev/v1alpha1 is deprecated; use v1beta1' },
    schema,
    atom: objectAtom(schema),
    hasStatus: true,
    hasGeneration: true,
    columns,
  };
}
