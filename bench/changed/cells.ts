/** The cells of the question: how many backends, how many reports at once, and how many reports make a round. */

export interface ChangedCell {
  readonly backends: number;
  readonly concurrency: number;
}

export const backendCounts = [1, 50, 1000] as const;
export const concurrencies = [1, 16, 64] as const;

export const cells: readonly ChangedCell[] = backendCounts.flatMap(backends =>
  concurrencies.map(concurrency => ({ backends, concurrency })),
);

export function label({ backends, concurrency }: ChangedCell): string {
  return `${backends.toLocaleString('en-US')} backend${backends === 1 ? '' : 's'}, ${concurrency} at once`;
}

/** Names of the resources of one contestant, one for each lane. */
export function resourceNames(contestant: string, lanes: number): string[] {
  return Array.from({ length: lanes }, (_, lane) => `${contestant}-${lane}`);
}
