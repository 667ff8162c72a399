import 'reflect-metadata';
import { readSettings } from '@berth/config/read-settings';
import { createLogger } from '@berth/observability/logger';
import { NestFactory } from '@nestjs/core';
import { apiModule } from '../api';
import { openapiDocument } from '../openapi/document';
import { clientSchema } from './client-schema';
import { errorsPage } from './errors-page';
import { settingsPage } from './settings-page';

/** Every file that is made from the code, by its path in the repository. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const document = await previewDocument();
  return new Map([
    ['openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['libs/client/src/schema.ts', await clientSchema(document)],
    ['docs/settings.md', settingsPage()],
    ['docs/errors.md', errorsPage()],
  ]);
}

/** The document from the module graph alone: with `preview` Nest makes no provider, so nothing connects. */
async function previewDocument() {
  const module = apiModule(readSettings({}), createLogger('generate', 'silent'));
  const api = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  return openapiDocument(api);
}
