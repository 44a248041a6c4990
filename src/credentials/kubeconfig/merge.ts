import type { Kubeconfig } from './types.ts';

/**
 * Merges as kubectl does: the first to have a cluster, context or user of a name wins, with all that it says of it, and
 * the first that sets the current context.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const current = configs.map(config => config['current-context']).find(name => name !== undefined);
  return {
    ...(current !== undefined && { 'current-context': current }),
    clusters: firstByName(configs.flatMap(config => config.clusters)),
    contexts: firstByName(configs.flatMap(config => config.contexts)),
    users: firstByName(configs.flatMap(config => config.users)),
  };
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): readonly T[] {
  const found = new Map<string, T>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return [...found.values()];
}
