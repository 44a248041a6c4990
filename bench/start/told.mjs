// What a start has cost so far: milliseconds since the process began, resident memory in bytes.

export const now = () => performance.now();

/** @param {Record<string, number>} [more] */
export function told(more = {}) {
  const at = now();
  process.stdout.write(JSON.stringify({ ready: at, ...more, rss: process.memoryUsage.rss() }));
}

/** Where the first report goes; nowhere for an import alone. */
export const destination = process.argv[2] === undefined ? undefined : JSON.parse(process.argv[2]);

export const status = {
  phase: 'Ready',
  message: '1 of 1 backends is healthy',
  backendCount: 1,
  discoveredBackends: [{ name: 'github', url: 'https://github.example.com/mcp', status: 'ready' }],
};
