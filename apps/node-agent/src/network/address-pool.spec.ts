import { AddressPool } from './address-pool';

describe('AddressPool', () => {
  it('gives neither the network’s, the broadcast nor the gateway’s address', () => {
    const pool = new AddressPool('10.0.0.0/29', ['10.0.0.1'], 0);
    const given = Array.from({ length: 5 }, (_, index) => pool.take(`rt${index}`));
    expect(given).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
    expect(() => pool.take('one-more')).toThrow('all addresses');
  });

  it('gives a freed address last', () => {
    const pool = new AddressPool('10.0.0.0/29', ['10.0.0.1'], 0);
    expect(pool.take('a')).toBe('10.0.0.2');
    pool.release('a');
    const next = [pool.take('b'), pool.take('c'), pool.take('d'), pool.take('e'), pool.take('f')];
    expect(next).toEqual(['10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.2']);
  });

  it('passes over what the engine says is taken, and keeps what it is told to', () => {
    const pool = new AddressPool('10.0.0.0/29', ['10.0.0.1'], 0);
    pool.claim('10.0.0.2', 'other');
    pool.claim('192.168.0.9', 'outside');
    expect(pool.used).toBe(1);
    expect(pool.take('a')).toBe('10.0.0.3');
    pool.claim('10.0.0.4', 'a');
    pool.release('a', '10.0.0.4');
    expect(pool.used).toBe(2);
  });

  it('begins anywhere in the range', () => {
    expect(new AddressPool('10.0.0.0/24', [], 0.999).take('a')).toBe('10.0.0.254');
  });
});
