import { listen } from './listen-node.ts';
import { main } from './main.ts';

await main(listen);
