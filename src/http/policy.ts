/** What a browser may load for an answer, and run in it. @see https://www.w3.org/TR/CSP3/ */

const nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** A policy by which nothing is loaded but this: sources by directive. */
export function contentPolicy(sources: Readonly<Record<string, string>> = {}): string {
  return [nothing, ...Object.entries(sources).map(([directive, source]) => `${directive} ${source}`)].join(
    '; ',
  );
}

/** Marks the scripts and styles that are ours, in this answer only. */
export function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
