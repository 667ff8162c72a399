import { createLogger } from '@berth/observability/logger';
import { type TestDatabase, testDatabase, testRedisUrl } from '@berth/testing/test-database';
import { type TestHome, testHome } from '@berth/testing/test-home';
import { testSettings } from '@berth/testing/test-settings';
import { getConnectionToken } from '@nestjs/mongoose';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Db } from 'mongodb';
import type { Connection } from 'mongoose';
import request from 'supertest';
import { createApi } from '../src/api';
import { migrate } from '../src/migrations/migrate';

export interface TestApi {
  api: NestExpressApplication;
  db: Db;
  database: TestDatabase;
  home: TestHome;
  /** Origin of the running server, e.g. `http://127.0.0.1:41234`. */
  origin: string;
  http: ReturnType<typeof request>;
  close(): Promise<void>;
}

/**
 * The real API process's application on a port of its own, with a database and a BERTH_HOME of its own.
 * @param mongodbUrl leads the API to its database by another way, as through a `TcpGate`
 */
export async function startApi(
  overrides: Record<string, string> = {},
  mongodbUrl: (url: string) => string = (url) => url,
): Promise<TestApi> {
  const database = await testDatabase();
  const home = testHome();
  const settings = testSettings({
    BERTH_HOME: home.path,
    MONGODB_URL: mongodbUrl(database.url),
    REDIS_URL: testRedisUrl(),
    ...overrides,
  });
  const logger = createLogger('api', settings.BERTH_LOG_LEVEL);
  const api = await createApi(settings, logger);
  const connection = api.get<Connection>(getConnectionToken());
  const db = connection.getClient().db(connection.name);
  await migrate(settings.MONGODB_URL, logger);
  await api.listen(0, '127.0.0.1');
  const address = api.getHttpServer().address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    api,
    db,
    database,
    home,
    origin,
    http: request(origin),
    close: async () => {
      api.getHttpServer().closeAllConnections();
      await api.close();
      await database.drop();
      home.remove();
    },
  };
}
