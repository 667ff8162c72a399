import type { Settings } from '@berth/config/settings';
import { BerthError } from '@berth/errors/berth-error';
import { Inject, Injectable } from '@nestjs/common';
import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';
import { SETTINGS } from '../../platform/tokens';

/** OWASP's first choice for argon2id that fits many sign-ins on a small machine: 19 MiB, two passes. */
const fullCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } satisfies Options;
const reducedCost = { ...fullCost, memoryCost: 256, timeCost: 1 } satisfies Options;

const atOnce = 2;
const mostWaiting = 64;

/** argon2id, at most two at a time: each takes 19 MiB and some 25 ms of a CPU, and anybody may make us do it. */
@Injectable()
export class PasswordHasher {
  private readonly cost: Options;
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private decoy: Promise<string> | undefined;

  constructor(@Inject(SETTINGS) settings: Pick<Settings, 'BERTH_REDUCE_PASSWORD_COST'>) {
    this.cost = settings.BERTH_REDUCE_PASSWORD_COST ? reducedCost : fullCost;
  }

  /** @throws BerthError `TOO_MANY_REQUESTS` when too many wait already. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, this.cost));
  }

  /** Without a hash (there is no such account) it takes the time of one and answers false. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    this.decoy ??= hash('no account has this one', this.cost);
    const against = stored ?? (await this.decoy);
    const right = await this.inTurn(() => verify(against, password));
    return stored !== undefined && right;
  }

  /** True for a hash that was made at another cost than today's. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return memoryCost !== this.cost.memoryCost || timeCost !== this.cost.timeCost || parallelism !== this.cost.parallelism;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= atOnce) {
      if (this.waiting.length >= mostWaiting) throw new BerthError('TOO_MANY_REQUESTS', { seconds: 5 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      // The next one takes over the place; it only becomes free when nobody waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
