import type { App, Environment } from '@berth/client/schema';

/** The environment that pages show: production, or the first there is. */
export function shownEnvironment(app: App): Environment | undefined {
  return app.environments.find((environment) => environment.name === 'production') ?? app.environments[0];
}
