import { rotatingKey } from '@berth/contracts/runtime-config';
import { KeyRing } from '@berth/keyring/key-ring';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { EnvironmentDocument } from './environment.schema';
import { type EnvironmentKeys, nextExpiry } from './keys';

const sealedKeys = z.object({
  javascript: rotatingKey,
  rest: rotatingKey,
  client: rotatingKey,
  master: rotatingKey,
  readOnlyMaster: rotatingKey,
});

/** Seals and opens what is secret of an environment. The context ties each text to its record. */
@Injectable()
export class EnvironmentKeysSeal {
  constructor(private readonly keyRing: KeyRing) {}

  seal(environmentId: string, keys: EnvironmentKeys): Pick<EnvironmentDocument, 'keys' | 'keysExpireAt'> {
    return { keys: this.keyRing.seal(JSON.stringify(keys), context(environmentId)), keysExpireAt: nextExpiry(keys) };
  }

  open(environment: Pick<EnvironmentDocument, '_id' | 'keys'>): EnvironmentKeys {
    return sealedKeys.parse(JSON.parse(this.keyRing.open(environment.keys, context(environment._id))));
  }
}

const context = (environmentId: string) => `environment:${environmentId}:keys`;
