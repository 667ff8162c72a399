// @ts-check
import { appendFileSync } from 'node:fs';
import { request } from 'node:http';

const HEADER_BYTES = 8;

/**
 * Copies what a container writes from now on into a log file beside the other parts' logs; ends with the container.
 * @param {{ socket: string, container: string, logFile: string }} options
 */
export function copyContainerLog({ socket, container, logFile }) {
  const since = Math.floor(Date.now() / 1000);
  const path = `/containers/${container}/logs?follow=true&stdout=true&stderr=true&since=${since}`;
  const outgoing = request({ socketPath: socket, path, agent: false }, (response) => {
    const decode = frameDecoder((text) => {
      try {
        appendFileSync(logFile, text, { mode: 0o640 });
      } catch {
        // a full disk must not end the supervisor
      }
    });
    response.on('data', decode);
    response.on('error', () => {});
  });
  outgoing.on('error', () => {}); // the engine does not answer: the part's own check says so
  outgoing.end();
}

/**
 * The Engine sends both outputs in frames: kind, three zeros, length in four bytes, then that many bytes.
 * @param {(text: Buffer) => void} emit
 * @returns {(chunk: Buffer) => void}
 */
export function frameDecoder(emit) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) return;
      emit(rest.subarray(HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
  };
}
