import { MongoNetworkError } from 'mongodb';

interface DriverConnection {
  error: Error | null;
  once(event: 'close', listener: () => void): void;
  off(event: 'close', listener: () => void): void;
  writeCommand(...args: unknown[]): Promise<void>;
}

const fixed = Symbol.for('berth.mongodb-driver-fix');

/**
 * Without this a client may never find a killed server again: the driver (7.8.0) writes a command to a socket that is destroyed and not yet
 * closed, and then waits for its `drain`, which never comes. When its monitor does so, which needs only that another connection's
 * end is noticed in the same moment, no call of that client succeeds any more. With this the write fails as soon as the connection closes.
 *
 * Called before the first client is made; a second call does nothing.
 * @throws when the driver's inside has changed: look then whether this is still needed (`driver-fix.int.ts` tells)
 */
export function fixDriver(): void {
  const { prototype } = require('mongodb/lib/cmap/connection').Connection as { prototype: DriverConnection & { [fixed]?: true } };
  if (prototype[fixed]) return;
  const write = prototype.writeCommand;
  if (typeof write !== 'function') throw new Error('The MongoDB driver has no Connection.writeCommand any more');
  prototype[fixed] = true;

  prototype.writeCommand = async function (...args) {
    let onClose = () => {};
    const closed = new Promise<never>((_resolve, reject) => {
      onClose = () => reject(this.error ?? new MongoNetworkError('connection closed while a command was written'));
      this.once('close', onClose);
    });
    try {
      await Promise.race([write.apply(this, args), closed]);
    } finally {
      this.off('close', onClose);
    }
  };
}
