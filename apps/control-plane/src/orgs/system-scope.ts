/**
 * The scope of the platform's own work (worker, migrations, the operator's lists): every organization. Each use names its purpose, so that
 * `grep SystemScope.for` lists all code that reads across tenants.
 */
export class SystemScope {
  private constructor(readonly purpose: string) {}

  static for(purpose: string): SystemScope {
    return new SystemScope(purpose);
  }

  /** The part that this scope adds to a query: nothing. */
  filter(): Record<string, never> {
    return {};
  }

  covers(_orgId: string): boolean {
    return true;
  }
}
