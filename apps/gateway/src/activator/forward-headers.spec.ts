import { forwardedHeaders, parseTarget } from './forward-headers';

it('drops what belongs to the connection and keeps order, case and repetition of the rest', () => {
  const raw = [
    'Host',
    'a',
    'Connection',
    'keep-alive, X-Berth-Environment',
    'X-Berth-Environment',
    'env_1',
    'Set-Cookie',
    '1',
    'set-cookie',
    '2',
    'TE',
    'x',
  ];
  expect(forwardedHeaders(raw)).toEqual(['Host', 'a', 'X-Berth-Environment', 'env_1', 'Set-Cookie', '1', 'set-cookie', '2']);
  expect(forwardedHeaders(['Transfer-Encoding', 'chunked'])).toEqual(['Transfer-Encoding', 'chunked']);
  expect(forwardedHeaders(['Transfer-Encoding', 'chunked'], ['transfer-encoding'])).toEqual([]);
});

it('takes targets apart', () => {
  expect(parseTarget('10.0.0.1/1337')).toEqual({ host: '10.0.0.1', port: 1337 });
  expect(parseTarget('fd00::2/1337')).toEqual({ host: 'fd00::2', port: 1337 });
});
