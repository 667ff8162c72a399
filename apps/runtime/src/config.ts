import { readFileSync } from 'node:fs';
import type * as Contract from '@berth/contracts/runtime-config';
import type { RuntimeConfig } from '@berth/contracts/runtime-config';
import { cold } from './cold';
import { ConfigurationRefused } from './http/control-server';
import { errorFields, log } from './log/log';

const keptFile = '/data/config/runtime.json';

/** Hash of the contract's source, put in by the bundler: what was checked against it need not be checked at each boot. */
declare const CONTRACT_HASH: string;

/** A configuration as it lies on the volume: complete, with the contract that it was checked against. */
export type KeptConfig = RuntimeConfig & { contract?: string };

/** @throws ConfigurationRefused with the first thing that is wrong */
export function readConfig(json: string): KeptConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ConfigurationRefused(`not JSON: ${(error as Error).message}`);
  }
  const { runtimeConfig } = cold<typeof Contract>('@berth/contracts/runtime-config');
  const result = runtimeConfig.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new ConfigurationRefused(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  return { ...result.data, contract: CONTRACT_HASH };
}

/** The configuration of the last run; null when there is none, or none that can be used. */
export function keptConfig(): KeptConfig | null {
  let json: string;
  try {
    json = readFileSync(keptFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log('error', 'parse', 'the kept configuration cannot be read', errorFields(error));
    return null;
  }
  try {
    const kept = JSON.parse(json) as KeptConfig;
    return kept.contract === CONTRACT_HASH ? kept : readConfig(json);
  } catch (error) {
    log('error', 'parse', 'the kept configuration is not used', errorFields(error));
    return null;
  }
}

/** What a runtime is built with before it has a configuration, so that the first one finds everything in place. Serves nobody. */
export function placeholderConfig(): RuntimeConfig {
  const key = (value: string) => ({ current: value, previous: [] });
  const { runtimeConfig } = cold<typeof Contract>('@berth/contracts/runtime-config');
  return runtimeConfig.parse({
    generation: 1,
    runtimeId: 'none',
    environmentId: null,
    appName: 'none',
    applicationId: '_unclaimed',
    keys: { javascript: key('_j'), rest: key('_r'), client: key('_c'), master: key('_m'), readOnlyMaster: key('_o') },
    mountPaths: ['/parse'],
    publicOrigin: 'http://localhost',
    admission: { mode: 'open' },
  });
}
