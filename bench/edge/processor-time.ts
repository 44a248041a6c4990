/** What a process has used of the processor; Linux tells. */

import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of all threads that live, user and system. */
export async function processorTime(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const times = await Promise.all(
    (await readdir(tasks)).map(async task => {
      // A thread may have ended meanwhile.
      const text = await readFile(`${tasks}/${task}/schedstat`, 'utf8').catch(() => '0');
      return Number(text.split(' ', 1)[0]) / 1e6;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}
