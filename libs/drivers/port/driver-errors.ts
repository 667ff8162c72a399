import { BerthError, type ErrorDetails } from '@berth/errors/berth-error';
import type { ErrorCode } from '@berth/errors/catalogue';

/** What can go wrong below the port, by the catalogue's codes. */
export type DriverErrorCode = Extract<
  ErrorCode,
  'ENGINE_UNAVAILABLE' | 'IMAGE_MISSING' | 'DISK_FULL' | 'RUNTIME_BOOT_FAILED' | 'RUNTIME_CONFIG_REFUSED' | 'OPERATION_TIMED_OUT'
>;

/** A failure below the port. `cause` holds the engine's own error. */
export abstract class DriverError extends BerthError {
  constructor(
    override readonly code: DriverErrorCode,
    details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(code, details, options);
  }
}

/** May pass by itself: tried again soon. */
export class Temporary extends DriverError {}

/** The same again will fail the same way until a person or a new record changes something: tried again rarely. */
export class Fatal extends DriverError {}

/** Another container has the address; another one has to be chosen. */
export class AddressTaken extends Temporary {
  constructor(options?: { cause?: unknown }) {
    super('RUNTIME_BOOT_FAILED', { reason: 'its address is taken' }, options);
  }
}
