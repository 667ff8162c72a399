export interface ParseSchema {
  className?: string;
  fields?: Record<string, { type: string; contents?: { type: string } }>;
}

export type ParseQuery = Record<string, unknown>;

const logical = ['$or', '$and', '$nor'];

/**
 * `{tags: 'a'}` on an Array field means "contains a", as on MongoDB. Parse Server's PostgreSQL adapter compares the column itself, which
 * PostgreSQL refuses, and answers 500; `{tags: {$all: ['a']}}` says the same in its own words.
 */
export function normalizeQuery(schema: ParseSchema, query: ParseQuery): ParseQuery {
  // Parse Server counts a whole class with no query at all
  if (!query) return query;
  let changed: ParseQuery | undefined;
  for (const [field, value] of Object.entries(query)) {
    const replacement = logical.includes(field) ? normalizeAll(schema, value) : normalizeValue(schema, field, value);
    if (replacement === value) continue;
    changed ??= { ...query };
    changed[field] = replacement;
  }
  return changed ?? query;
}

function normalizeAll(schema: ParseSchema, queries: unknown): unknown {
  if (!Array.isArray(queries)) return queries;
  const normal = queries.map((query) => (isObject(query) ? normalizeQuery(schema, query) : query));
  return normal.some((query, index) => query !== queries[index]) ? normal : queries;
}

function normalizeValue(schema: ParseSchema, field: string, value: unknown): unknown {
  const type = schema.fields?.[field];
  // _rperm, _wperm are text[] and are asked for by Parse Server itself, in the right way
  if (type?.type !== 'Array' || type.contents?.type === 'String') return value;
  if (['string', 'number', 'boolean'].includes(typeof value)) return { $all: [value] };
  if (!isObject(value)) return value;
  // a pointer is understood already; a plain object is not
  if (value.__type !== 'Pointer' && !Object.keys(value).some((key) => key.startsWith('$'))) return { $all: [value] };
  if (!('$eq' in value) || value.$eq === null) return value;
  const { $eq, ...rest } = value;
  return '$all' in rest ? value : { ...rest, $all: [$eq] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
