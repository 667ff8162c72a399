// @ts-check
import { connect } from 'node:net';

/** `{ hello: 1, $db: 'admin' }` as an OP_MSG: header (length, request id, response to, opcode 2013), flags, section kind 0, BSON. */
const HELLO = (() => {
  const body = Buffer.concat([Buffer.from('\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0', 'latin1')]);
  const document = Buffer.concat([int32(body.length + 4), body]);
  return Buffer.concat([
    int32(16 + 4 + 1 + document.length),
    int32(1),
    int32(0),
    int32(2013),
    int32(0),
    Buffer.from([0]),
    document,
  ]);
})();

/**
 * Whether a server that speaks MongoDB's protocol answers there. A mere connection would not tell: Docker accepts those for a
 * published port before the server in the container listens.
 * @param {{ host: string, port: number, timeoutMs?: number }} address
 * @returns {Promise<boolean>}
 */
export function answersHello({ host, port, timeoutMs = 1_000 }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    /** @param {boolean} answered */
    const settle = (answered) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.once('connect', () => socket.write(HELLO));
    socket.once('data', (answer) => settle(answer.length >= 16 && answer.readInt32LE(8) === 1));
  });
}

/** @param {number} value */
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
