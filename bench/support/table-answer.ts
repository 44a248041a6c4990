/** A Table of one row without its object, as a kube-apiserver answers it: about 1.2 kB. */

const columns = [
  [
    'Name',
    'string',
    'name',
    'Name must be unique within a namespace. Is required when creating resources.',
    0,
  ],
  ['Phase', 'string', '', 'The phase of the VirtualMCPServer', 0],
  ['URL', 'string', '', 'Virtual MCP server URL', 0],
  ['Backends', 'integer', '', 'Discovered backends count', 0],
  ['Age', 'date', '', 'Age', 0],
  ['Ready', 'string', '', 'Custom resource definition column (in JSONPath format): .status.conditions', 0],
].map(([name, type, format, description, priority]) => ({ name, type, format, description, priority }));
const rows = [
  { cells: ['demo', 'Ready', 'http://vmcp-demo.bench.svc:4483', 50, '5d', 'True'], object: null },
];
const [before, after] = JSON.stringify({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: '#' },
  columnDefinitions: columns,
  rows,
}).split('#');

export function tableAnswer(resourceVersion: number): string {
  return `${before}${resourceVersion}${after}\n`;
}
