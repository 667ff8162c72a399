import type { RuntimeDocument } from '@berth/contracts/documents/runtime';
import { type RuntimeConfig, runtimeConfig } from '@berth/contracts/runtime-config';
import { KeyRing } from '@berth/keyring/key-ring';
import { Injectable } from '@nestjs/common';

/** Seals and opens the configuration in a runtime's record, in the context `runtime:<id>:config`, as the node agent does. */
@Injectable()
export class RuntimeConfigSeal {
  constructor(private readonly keyRing: KeyRing) {}

  seal(config: RuntimeConfig): RuntimeDocument['config'] {
    const sealed = this.keyRing.seal(JSON.stringify(config), context(config.runtimeId));
    return { generation: config.generation, sealed };
  }

  open(runtime: Pick<RuntimeDocument, '_id' | 'config'>): RuntimeConfig {
    return runtimeConfig.parse(JSON.parse(this.keyRing.open(runtime.config.sealed, context(runtime._id))));
  }
}

const context = (runtimeId: string) => `runtime:${runtimeId}:config`;
