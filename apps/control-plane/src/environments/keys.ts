import { randomText } from '@berth/contracts/ids';
import type { RotatingKey } from '@berth/contracts/runtime-config';

export const keyKinds = ['javascript', 'rest', 'client', 'master', 'readOnlyMaster'] as const;
export type KeyKind = (typeof keyKinds)[number];
export type EnvironmentKeys = Record<KeyKind, RotatingKey>;

/** 200 bits, letters and digits alone, so that every SDK, header and shell takes it as it is. */
export const mintKey = () => randomText(40);
export const mintApplicationId = () => randomText(24);

/** Keys of a new environment: the given ones, and fresh ones where none is given. */
export function firstKeys(given: Partial<Record<KeyKind, string>> = {}): EnvironmentKeys {
  const key = (kind: KeyKind): RotatingKey => ({ current: given[kind] ?? mintKey(), previous: [] });
  return {
    javascript: key('javascript'),
    rest: key('rest'),
    client: key('client'),
    master: key('master'),
    readOnlyMaster: key('readOnlyMaster'),
  };
}

/** The keys after one was replaced. The value it had stays valid until `oldValidUntil`; null ends it, and all before it, at once. */
export function rotateKey(
  keys: EnvironmentKeys,
  kind: KeyKind,
  value: string,
  oldValidUntil: Date | null,
  now: Date,
): EnvironmentKeys {
  const { current, previous } = keys[kind];
  const kept = oldValidUntil
    ? [{ value: current, validUntil: oldValidUntil.toISOString() }, ...stillValid(previous, now)].slice(0, maxPrevious)
    : [];
  return { ...keys, [kind]: { current: value, previous: kept } };
}

/** The keys without former values whose time is over. */
export function withoutExpired(keys: EnvironmentKeys, now: Date): EnvironmentKeys {
  const entries = keyKinds.map((kind) => [kind, { ...keys[kind], previous: stillValid(keys[kind].previous, now) }] as const);
  return Object.fromEntries(entries) as EnvironmentKeys;
}

/** When the next former value ends; null when there is none. */
export function nextExpiry(keys: EnvironmentKeys): Date | null {
  const times = keyKinds.flatMap((kind) => keys[kind].previous.map(({ validUntil }) => Date.parse(validUntil)));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Former values that clients may still have: not secret, since no value is told. */
export function previousOf(keys: EnvironmentKeys, now: Date): { kind: KeyKind; validUntil: string }[] {
  return keyKinds.flatMap((kind) => stillValid(keys[kind].previous, now).map(({ validUntil }) => ({ kind, validUntil })));
}

/** Each former value is compared with on every request of the app, so there are only so many; the oldest goes first. */
const maxPrevious = 5;

function stillValid(previous: RotatingKey['previous'], now: Date): RotatingKey['previous'] {
  return previous.filter(({ validUntil }) => Date.parse(validUntil) > now.getTime());
}
