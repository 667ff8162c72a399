import type { App, Environment } from '@berth/client/schema';

/** The environment that pages show: production, or the first there is. */
export function shownEnvironment(app: App): Environment | undefined {
  return app.environments.find((environment) => environment.name === 'production') ?? app.environments[0];
}

/** A creation that failed left a record that tells why, and nothing else; its address name is free again. */
export function wasNeverMade(app: App): boolean {
  return app.state === 'failed' && app.purgeAt !== null && app.trashedAt === null;
}
