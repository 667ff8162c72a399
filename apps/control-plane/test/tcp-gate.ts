import { connect, createServer, type Socket } from 'node:net';

export interface TcpGate {
  port: number;
  /** Breaks all connections and refuses new ones, as a server that was killed. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Keeps the connections but lets nothing through, as a server that hangs. */
  freeze(frozen: boolean): void;
}

/** A port that leads to another one, until it is told not to. */
export async function tcpGate(targetPort: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((incoming) => {
    const outgoing = connect(targetPort, '127.0.0.1');
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    if (frozen) return;
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    open: () => listen(port),
    shut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    freeze: (value) => {
      frozen = value;
      for (const socket of sockets) {
        if (value) socket.unpipe();
        // As after a SIGSTOP and SIGCONT of minutes: the other side has given these connections up.
        else socket.destroy();
      }
    },
  };
}
