import { ConfigurationError } from '../errors.ts';

/**
 * @param value milliseconds
 * @param longest by default what a timer of JavaScript can wait: 2^31 - 1 ms
 * @throws ConfigurationError
 */
export function checkDuration(option: string, value: number, longest = 2_147_483_647): void {
  if (typeof value === 'number' && value > 0 && value <= longest) return;
  throw new ConfigurationError(
    `${option}: expected milliseconds, more than 0 and at most ${longest}, found ${value}`,
  );
}
