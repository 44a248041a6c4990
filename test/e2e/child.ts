// A server process that never outlives the test run.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface Child {
  readonly pid: number;
  /** Undefined while it runs, then what ended it: an exit code or a signal name. */
  readonly ended: string | undefined;
  /** The end of what it printed. */
  log(): string;
  /** SIGTERM, and SIGKILL when it is still there after `grace` milliseconds (default 20 s). */
  stop(grace?: number): Promise<void>;
}

export function startChild(command: string, args: string[], logFile: string, scratchDir: string): Child {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();

  let ended: string | undefined;
  const gone = new Promise<void>(resolve => {
    child.once('error', error => {
      ended = error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended = String(signal ?? code);
      resolve();
    });
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${command}`);
  const stopWatching = watchParent(pid, scratchDir);
  void gone.then(stopWatching);

  return {
    pid,
    get ended() {
      return ended;
    },
    log: () => readFileSync(logFile, 'utf8').slice(-4_000),
    async stop(grace = 20_000) {
      if (ended !== undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), grace);
      await gone;
      clearTimeout(timer);
    },
  };
}

/**
 * Exit and signal handlers do not run when the parent is killed hard, and a second listener for SIGINT would change how
 * the test runner ends. So a shell waits on a pipe that only this process holds: whatever ends this process closes the
 * pipe, and the shell then kills the server and removes its files.
 */
function watchParent(pid: number, scratchDir: string): () => void {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; rm -rf "$2"';
  const watchdog = spawn('sh', ['-c', script, 'watchdog', String(pid), scratchDir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // out of the terminal's process group, so that Ctrl-C does not end it first
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return () => watchdog.kill('SIGKILL');
}
