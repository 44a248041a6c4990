#!/usr/bin/env node
// `vmcp-status`: npm's link starts it with Node; Bun and Deno run it as well, each with its own server.

if ('Bun' in globalThis) await import('./bun.ts');
else if ('Deno' in globalThis) await import('./deno.ts');
else await import('./node.ts');
