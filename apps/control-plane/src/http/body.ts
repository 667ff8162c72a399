import { BerthError } from '@berth/errors/berth-error';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

const bodyLimit = '256kb';
const depthLimit = 20;
const urlLimit = 4096;

/** Reads JSON bodies within bounds; everything else with a body is refused. */
export function useJsonBodies(api: NestExpressApplication): void {
  api.use(refuseUnfit);
  api.useBodyParser('json', { limit: bodyLimit, strict: true, verify: refuseDeep });
}

function refuseUnfit(request: Request, _response: Response, next: NextFunction): void {
  if (request.originalUrl.length > urlLimit) throw new BerthError('URL_TOO_LONG', { limit: urlLimit });
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw new BerthError('MEDIA_TYPE_UNSUPPORTED');
  next();
}

/** An error as body-parser hands it on: it sets `status` and `type` itself, which a `BerthError` does not let it. */
class TooDeepError extends Error {
  readonly type = 'json.too.deep';
  readonly limit = depthLimit;
  status = 400;
}

/** Counts brackets outside of strings, before anything is parsed. @throws TooDeepError */
function refuseDeep(_request: unknown, _response: unknown, body: Buffer): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > depthLimit) throw new TooDeepError('nested too deep');
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}
