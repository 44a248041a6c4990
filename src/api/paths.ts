/** Where things are in the Kubernetes REST API. */

/** API group of the resource. */
export const group = 'toolhive.stacklok.dev';
export const kind = 'VirtualMCPServer';
/** Versions this package speaks, the best first. */
export const knownVersions = ['v1beta1', 'v1alpha1'] as const;
export type Version = (typeof knownVersions)[number];

/** One `VirtualMCPServer`. */
export interface ResourceRef {
  readonly namespace: string;
  readonly name: string;
}

/** Path of the group's discovery document. */
export const groupPath = `/apis/${group}`;

/** Path of the object; that of its status is `/status` below. */
export function resourcePath(ref: ResourceRef, version: Version): string {
  return `${groupPath}/${version}/namespaces/${encodeURIComponent(ref.namespace)}/virtualmcpservers/${encodeURIComponent(ref.name)}`;
}
