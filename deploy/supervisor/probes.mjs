// @ts-check
import { connect } from 'node:net';

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>} whether something takes connections there
 */
export function portAnswers(host, port) {
  return converse({ host: host.replace(/^\[|\]$/g, ''), port });
}

/**
 * @param {number} port
 * @param {string} password
 * @returns {Promise<boolean>} whether Redis serves there, its data loaded
 */
export function redisAnswers(port, password) {
  const auth = `*2\r\n$4\r\nAUTH\r\n$${Buffer.byteLength(password)}\r\n${password}\r\n`;
  return converse({ host: '127.0.0.1', port, send: `${auth}*1\r\n$4\r\nPING\r\n`, expect: '+PONG' });
}

/**
 * @param {{ host: string, port: number, send?: string, expect?: string }} conversation
 * @returns {Promise<boolean>}
 */
function converse({ host, port, send, expect }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    let heard = '';
    /** @param {boolean} answer */
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => (expect === undefined ? finish(true) : socket.write(send ?? '')));
    socket.on('data', (chunk) => {
      heard += chunk;
      if (expect !== undefined && heard.includes(expect)) finish(true);
    });
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
