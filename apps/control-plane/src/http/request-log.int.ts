import { Writable } from 'node:stream';
import { logOptions } from '@berth/observability/logger';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { requestId } from './request-id';
import { requestLog } from './request-log';

it('a line names request, status and time, and no secret', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  @Module({})
  class Empty {}
  const app = await NestFactory.create<NestExpressApplication>(Empty, { logger: false });
  app.use(requestId, requestLog(pino(logOptions('api', 'info'), sink)));
  app.use('/v1/accounts', (_request: Request, response: Response) => {
    response.status(201).cookie('__Host-berth', 'cookie-secret').end();
  });
  await app.init();
  await request(app.getHttpServer())
    .post('/v1/accounts?invitation=query-secret')
    .set('Authorization', 'Bearer token-secret')
    .set('Cookie', '__Host-berth=cookie-secret')
    .set('X-Request-Id', 'call-12345678')
    .expect(201);
  await app.close();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    process: 'api',
    requestId: 'call-12345678',
    msg: 'POST /v1/accounts 201',
    ms: expect.any(Number),
  });
  expect(lines[0]).not.toMatch(/secret/);
});
