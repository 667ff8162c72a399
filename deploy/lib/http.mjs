// @ts-check
import { request } from 'node:http';

/**
 * One HTTP request with Node's own client, over TCP or a unix socket.
 * @param {string} address an http:// address, or `unix:<socket>:<path>`
 * @param {{ method?: string, body?: unknown, timeoutMs?: number, onLine?: (line: string) => void, signal?: AbortSignal }} [options]
 *   `timeoutMs` without a byte ends it (default 5000; 0: never); `onLine` gets the answer's lines as they come
 * @returns {Promise<{ status: number, text: string }>}
 */
export function fetchText(address, { method = 'GET', body, timeoutMs = 5000, onLine, signal } = {}) {
  const unix = /^unix:(.+?):(\/.*)$/.exec(address);
  const target = unix ? { socketPath: unix[1], path: unix[2] } : urlTarget(address);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    payload === undefined
      ? { host: 'localhost' }
      : { host: 'localhost', 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, method, headers, agent: false, signal }, (response) => {
      let text = '';
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        if (!onLine) {
          text += chunk;
          return;
        }
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') onLine(line);
      });
      response.on('end', () => {
        if (onLine && rest !== '') onLine(rest);
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on('error', reject);
    });
    if (timeoutMs > 0) outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** @param {string} address */
function urlTarget(address) {
  const url = new URL(address);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, path: `${url.pathname}${url.search}` };
}

/** @param {string} address @param {number} [timeoutMs] @returns {Promise<boolean>} whether it answers 200 */
export async function answersOk(address, timeoutMs = 2000) {
  try {
    return (await fetchText(address, { timeoutMs })).status === 200;
  } catch {
    return false;
  }
}
