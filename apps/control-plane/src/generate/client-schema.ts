import type { OpenAPIObject } from '@nestjs/swagger';

const heading = '// Made from openapi.json by `npm run generate`. Do not edit.\n\n';

/** The types of the API client. */
export async function clientSchema(document: OpenAPIObject): Promise<string> {
  // An ES module with a development dependency's weight: loaded here alone.
  const { astToString, default: openapiTypescript } = await import('openapi-typescript');
  const copy = JSON.parse(JSON.stringify(document));
  return (
    heading + astToString(await openapiTypescript(copy, { alphabetize: true, rootTypes: true, rootTypesNoSchemaPrefix: true }))
  );
}
