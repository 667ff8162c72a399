import type { RuntimeSize } from '@berth/contracts/documents/runtime';

/**
 * What an app may use. A plan belongs to an app; memory, CPU and rates are each environment's. Prices, included amounts, sleeping, backups
 * and domains join it as the features come that read them.
 */
export interface Plan {
  id: string;
  name: string;
  /** Most environments of one app. */
  environments: number;
  environment: {
    size: RuntimeSize;
    /** Requests a second for the whole environment; 0 is unlimited. */
    requestsPerSecond: number;
    /** Largest request body the gateway lets through, in bytes. */
    maxBodyBytes: number;
  };
}
