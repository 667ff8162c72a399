import { AddressTaken, Fatal, Temporary } from '../port/driver-errors';
import { mapDockerError } from './map-error';

const context = { seconds: 5, image: 'berth/runtime:1' };
const http = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) ${message}`), { statusCode, json: { message } });
const system = (code: string) => Object.assign(new Error(code), { code });

const cases: [string, unknown, new (...args: never[]) => Error, string][] = [
  ['no socket', system('ENOENT'), Temporary, 'ENGINE_UNAVAILABLE'],
  ['nobody behind it', system('ECONNREFUSED'), Temporary, 'ENGINE_UNAVAILABLE'],
  ['it hung up', system('ECONNRESET'), Temporary, 'ENGINE_UNAVAILABLE'],
  ['a socket that we may not open', system('EACCES'), Temporary, 'ENGINE_UNAVAILABLE'],
  ['no image', http(404, 'No such image: berth/runtime:1'), Fatal, 'IMAGE_MISSING'],
  ['a full disk', http(500, 'mkdir /var/lib/docker/overlay2/x: no space left on device'), Temporary, 'DISK_FULL'],
  ['a taken address', http(403, 'Address already in use'), AddressTaken, 'RUNTIME_BOOT_FAILED'],
  ['a call it does not understand', http(400, 'invalid CPU count'), Fatal, 'RUNTIME_BOOT_FAILED'],
  ['a name in use', http(409, 'Conflict. The container name is already in use'), Temporary, 'RUNTIME_BOOT_FAILED'],
  ['a container that is gone', http(404, 'No such container: x'), Temporary, 'RUNTIME_BOOT_FAILED'],
  ['runc that fails', http(500, 'failed to create shim task\nand more'), Temporary, 'RUNTIME_BOOT_FAILED'],
  ['no answer', new DOMException('timed out', 'TimeoutError'), Temporary, 'OPERATION_TIMED_OUT'],
  ['a text', 'nonsense', Temporary, 'RUNTIME_BOOT_FAILED'],
];

it.each(cases)('%s', (_what, thrown, kind, code) => {
  const error = mapDockerError(thrown, context);
  expect(error).toBeInstanceOf(kind);
  expect(error.code).toBe(code);
  expect(error.cause).toBe(thrown);
});

it('names what it was about', () => {
  expect(mapDockerError(http(404, 'No such image: x'), context).message).toContain('berth/runtime:1');
  expect(mapDockerError(new DOMException('timed out', 'TimeoutError'), context).message).toContain('5 seconds');
  expect(mapDockerError(http(500, 'failed to create shim task\nand more'), context).message).toMatch(/shim task$/);
});
