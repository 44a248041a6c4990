// `Bun.serve` resolves dots and backslashes in a path before anybody can refuse them; Bun's `node:http` does not.
import { listen } from './listen-node.ts';
import { main } from './main.ts';

await main(listen);
