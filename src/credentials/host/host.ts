/** What a credential may need of the machine. Node, Bun and Deno have it; a Worker has none of it. */
export interface Host {
  /** UTF-8 text of a file. Rejects with the runtime's own error: `code` is `ENOENT` where there is none. */
  readTextFile(path: string): Promise<string>;
  /**
   * Runs a program without a shell and without input.
   *
   * @param options.env added to this process' own environment
   * @param options.timeout milliseconds after which it is killed
   * @returns its exit code and what it printed, at most 1 MiB each
   */
  run(
    command: string,
    args: readonly string[],
    options: { env: Readonly<Record<string, string>>; timeout: number },
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** The user's home directory. */
  homeDirectory(): string;
  /** `path` as seen from the folder of `file`; an absolute path stays as it is. */
  besideFile(file: string, path: string): string;
  /** What separates the paths of a list: `:`, on Windows `;`. */
  readonly listSeparator: string;
  /** What separates the folders of a path: `/`, on Windows `\`. */
  readonly folderSeparator: string;
}
