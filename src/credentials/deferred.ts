import type { Credentials } from '../types.ts';
import type { KubeconfigOptions } from './kubeconfig/credentials.ts';

/** Credentials that are made at the first `access()`: with what is imported, or checked, only then. */
export function deferred(source: string, make: () => Promise<Credentials>): Credentials {
  let making: Promise<Credentials> | undefined;
  let made: Credentials | undefined;
  return {
    get source() {
      return made?.source ?? source;
    },
    async access(options) {
      making ??= make();
      try {
        made ??= await making;
      } catch (error) {
        making = undefined;
        throw error;
      }
      return made.access(options);
    },
    current: () => made?.current?.(),
  };
}

/** Credentials of a kubeconfig; what reads one loads at the first `access()`. */
export function deferredKubeconfig(source: string, options: KubeconfigOptions): Credentials {
  return deferred(source, async () => {
    const { kubeconfigCredentials } = await import('./kubeconfig/credentials.ts');
    return kubeconfigCredentials(options);
  });
}
