/** Where in the app's address the Parse API answers; several at once while clients move. */
export class MountPaths {
  private readonly paths: readonly string[];

  /** @param paths as configured; the longest that fits wins, so that `/` may stand beside others */
  constructor(paths: readonly string[]) {
    this.paths = [...new Set(paths)].sort((a, b) => b.length - a.length);
  }

  /**
   * The mount path that a request's path is below, and the rest of its URL as Parse Server wants it: with a slash in front.
   * @param url path and query, as in the request line
   */
  match(url: string): { mountPath: string; rest: string } | null {
    const end = url.indexOf('?');
    const path = end === -1 ? url : url.slice(0, end);
    for (const mountPath of this.paths) {
      if (mountPath === '/') return { mountPath: '', rest: url };
      if (path === mountPath) return { mountPath, rest: `/${url.slice(mountPath.length)}` };
      if (path.startsWith(`${mountPath}/`)) return { mountPath, rest: url.slice(mountPath.length) };
    }
    return null;
  }
}
