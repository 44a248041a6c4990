// The VirtualMCPServer definitions that the suite runs against, and the variants that clusters in the field have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Crd, type CrdVersion, parseCrd } from './crd-installation.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** ToolHive's own definition where it lies beside the project; undefined elsewhere. */
export function readRealCrd(): Crd | undefined {
  try {
    return parseCrd(
      readFileSync(join(projectRoot, '../shared/crd/toolhive.stacklok.dev_virtualmcpservers.yaml'), 'utf8'),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The project's smaller definition with the same status schema. */
export function readOwnCrd(): Crd {
  return parseCrd(readFileSync(join(import.meta.dirname, 'crd.yaml'), 'utf8'));
}

/** As installed by an operator from before v1beta1. */
export function v1alpha1Only(crd: Crd): Crd {
  const version = crd.spec.versions.find(({ name }) => name === 'v1alpha1');
  if (version === undefined) throw new Error(`${crd.metadata.name} has no version v1alpha1`);
  const { deprecated: _, deprecationWarning: __, ...rest } = version;
  return withVersions(crd, [
    { ...rest, name: 'v1alpha1', served: true, storage: true, schema: version.schema },
  ]);
}

/** As installed by an operator that did not know these backend fields yet, in every version. */
export function without(crd: Crd, backendFields: string[]): Crd {
  return withVersions(
    crd,
    crd.spec.versions.map(version => {
      const copy = structuredClone(version);
      const { properties } =
        copy.schema.openAPIV3Schema.properties.status.properties.discoveredBackends.items;
      for (const field of backendFields) {
        if (!(field in properties))
          throw new Error(`${crd.metadata.name} ${version.name} has no backend field "${field}"`);
        delete properties[field];
      }
      return copy;
    }),
  );
}

function withVersions(crd: Crd, versions: CrdVersion[]): Crd {
  return { ...crd, spec: { ...crd.spec, versions } };
}
