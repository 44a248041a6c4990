// Writes the OpenAPI document of the service into its source: generated here, so that no library for it is part of what
// runs. `node scripts/openapi.ts`; it writes only what changed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { parameters } from './openapi/parameters.ts';
import { paths, responses } from './openapi/paths.ts';
import { componentSchemas } from './openapi/schemas.ts';

/** Where the document is kept. */
export const documentPath = join(import.meta.dirname, '..', 'src', 'http', 'openapi.json');

/** The document, by OpenAPI 3.1. */
export function openApiDocument() {
  return {
    openapi: '3.1.1',
    info: {
      title: 'vmcp-status-reporter',
      version: manifest.version,
      summary: 'Reports the health of gateways into the status of their Kubernetes VirtualMCPServer.',
      license: { name: manifest.license, identifier: manifest.license },
    },
    tags: [
      { name: 'reports', description: 'Report on a virtual MCP server, and read its status.' },
      { name: 'resources', description: 'What this service has reported.' },
      { name: 'operation', description: 'Running the service.' },
    ],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'Whatever the service is set up to accept; nothing, where it listens on a loopback address only.',
        },
      },
      parameters,
      responses,
      schemas: componentSchemas(),
    },
  };
}

/** As it is written. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = openApiText();
  const before = await readFile(documentPath, 'utf8').catch(() => '');
  if (text !== before) await writeFile(documentPath, text);
}
