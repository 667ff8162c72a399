import { isDeepStrictEqual } from 'node:util';
import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Record<string, unknown>;

/** nestjs-zod's marks: a property whose `type` is not one word; a schema that is no object and stands in the property `root`. */
const emptyType = 'x-nestjs_zod-empty-type';
const unwrapRoot = 'x-nestjs_zod-unwrap-root';
const parentId = 'x-nestjs_zod-parent-id';

/**
 * Before nestjs-zod's own clean-up, which does not know two forms that zod 4.6 writes. A nullable text is `type: ["string", "null"]`, which
 * Nest takes for an array of texts; and a schema with an id of its own is a reference to itself.
 * @returns by its class's name the schema that is meant
 */
export function restoreZodForms(document: OpenAPIObject): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [name, schema] of Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>)) {
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    for (const property of Object.values(properties)) {
      if (property[emptyType] !== true || property.type !== 'array') continue;
      property.type = [(property.items as Schema).type, 'null'];
      delete property.items;
    }
    const root = properties.root;
    if (root?.[unwrapRoot] !== true || typeof root.$ref !== 'string') continue;
    aliases.set(name, root.$ref.replace('#/$defs/', ''));
    delete root[unwrapRoot];
    delete root[parentId];
  }
  return aliases;
}

/** After it: no `_Output` in names where there is no other form of the schema, and no patterns that only repeat a format. */
export function tidySchemas(untidy: OpenAPIObject, aliases: ReadonlyMap<string, string>): OpenAPIObject {
  const document = withoutAliases(untidy, aliases);
  const schemas = document.components?.schemas ?? {};
  const renamed = Object.keys(schemas).filter((name) => {
    const plain = schemas[name.replace(/_Output$/, '')];
    return name.endsWith('_Output') && (plain === undefined || isDeepStrictEqual(plain, schemas[name]));
  });
  let text = JSON.stringify(document, (_key, value: unknown) => withoutPattern(value));
  for (const name of renamed) text = text.replaceAll(reference(name), reference(name.slice(0, -7)));
  const tidied = JSON.parse(text) as OpenAPIObject;
  const target = tidied.components?.schemas ?? {};
  for (const name of renamed) {
    target[name.slice(0, -7)] = target[name] as never;
    delete target[name];
  }
  return tidied;
}

function withoutAliases(document: OpenAPIObject, aliases: ReadonlyMap<string, string>): OpenAPIObject {
  let text = JSON.stringify(document);
  for (const [alias, name] of aliases) text = text.replaceAll(reference(alias), reference(name));
  const plain = JSON.parse(text) as OpenAPIObject;
  for (const alias of aliases.keys()) delete plain.components?.schemas?.[alias];
  return plain;
}

function reference(name: string): string {
  return `"#/components/schemas/${name}"`;
}

function withoutPattern(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('pattern' in value) || !('format' in value)) return value;
  const { pattern: _, ...rest } = value;
  return rest;
}
