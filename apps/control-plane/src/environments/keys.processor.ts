import { JobHandlers } from '@berth/jobs/job-handlers';
import { Injectable } from '@nestjs/common';
import { ExpireKeys } from './use-cases/expire-keys';

@Injectable()
export class KeysProcessor {
  constructor(handlers: JobHandlers, expireKeys: ExpireKeys) {
    handlers.register('keys.expire', () => expireKeys.run());
  }
}
