import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Listen } from '../listen.ts';
import { gathered } from './gathered.ts';

/** What a command has of the world around it: replaced by tests. */
export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Whether the standard error is one. */
  readonly complainsToTerminal: boolean;
  /** Columns of the terminal; 0 where there is none. */
  readonly width: number;
  /** Writes to the standard output. */
  print(text: string): void;
  /** Writes to the standard error. */
  complain(text: string): void;
  /** Writes to the standard error, together with what else is logged in this turn of the event loop. */
  log(text: string): void;
  /** Everything that comes in on the standard input, `undefined` where that is a terminal. */
  read(): Promise<string> | undefined;
  /** Starts a server with what the runtime brings. */
  readonly listen: Listen;
  /**
   * Fires on the first SIGINT or SIGTERM, and where nobody reads the standard output any more. Asking for it takes over what
   * these signals do.
   */
  interrupted(): AbortSignal;
  /** The clock, in milliseconds since the epoch. */
  now(): number;
}

/** Read first: it changes when the parent ends. */
const shell = process.ppid;

/** The console of this process. */
export function processConsole(listen: Listen): Console {
  const unread = new AbortController();
  onBrokenPipe(process.stdout, () => unread.abort());
  // A service outlives the reader of its log.
  onBrokenPipe(process.stderr, () => {});
  const complain = (text: string) => void process.stderr.write(text);
  const log = gathered(complain);
  process.once('exit', log.flush);
  return {
    env: process.env,
    isTerminal: process.stdout.isTTY === true,
    complainsToTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? 0,
    print: text => void process.stdout.write(text),
    complain,
    log: log.add,
    read: () => (process.stdin.isTTY ? undefined : text(process.stdin)),
    listen,
    interrupted: () => interruption(unread.signal),
    now: Date.now,
  };
}

/** `| head` has read enough: no failure, and no reason to print a stack. */
function onBrokenPipe(stream: NodeJS.WriteStream, then: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    then();
  });
}

/** Once, whatever is heard: npm passes Ctrl-C on to a process that the terminal has already told. */
function interruption(unread: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const end = () => controller.abort();
  if (unread.aborted) end();
  else unread.addEventListener('abort', end, { once: true });
  process.on('SIGINT', end).on('SIGTERM', end);
  // `npm start` puts a shell between, which passes no signal on: it is gone, and so are we.
  if (process.env['npm_lifecycle_event'] === 'start') {
    setInterval(() => process.ppid === shell || end(), 250).unref();
  }
  return controller.signal;
}
