import type { ErrorCode } from '@berth/errors/catalogue';
import { ApiExtension } from '@nestjs/swagger';

export const failsExtension = 'x-berth-fails';

/** The codes of the catalogue that this endpoint answers with, beside those that every endpoint may. */
export const Fails = (...codes: ErrorCode[]) => ApiExtension(failsExtension, codes);
