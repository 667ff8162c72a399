import { fixDriver } from '@berth/database/driver-fix';
import type { Logger } from '@berth/observability/logger';
import { type Connection, createConnection } from 'mongoose';

const retryPauseMs = 500;

/** MongoDB did not answer while the process waited for it at its start. */
export class DatabaseAwayError extends Error {
  override name = 'DatabaseAwayError';
}

/**
 * Connects, trying again for `waitMs`: after a reboot MongoDB may come up later than we do. Once connected the driver reconnects by itself,
 * and a call fails within 3 s, instead of hanging, while there is no server.
 * @throws DatabaseAwayError with the last reason.
 */
export async function connectMongodb(url: string, logger: Logger, waitMs = 30_000): Promise<Connection> {
  fixDriver();
  const giveUpAt = Date.now() + waitMs;
  for (let attempt = 1; ; attempt++) {
    const connection = createConnection();
    try {
      return await connection.openUri(url, {
        appName: 'berth-control-plane',
        autoIndex: false,
        autoCreate: false,
        bufferCommands: false,
        serverSelectionTimeoutMS: 3000,
        connectTimeoutMS: 3000,
        socketTimeoutMS: 10_000,
        heartbeatFrequencyMS: 2000,
        maxPoolSize: 10,
        minPoolSize: 0,
      });
    } catch (cause) {
      await connection.destroy().catch(() => undefined);
      const reason = (cause as Error).message;
      if (Date.now() + retryPauseMs > giveUpAt)
        throw new DatabaseAwayError(`MongoDB did not answer within ${Math.round(waitMs / 1000)} s: ${reason}`, { cause });
      if (attempt === 1) logger.warn({ reason }, 'MongoDB does not answer yet; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
    }
  }
}
