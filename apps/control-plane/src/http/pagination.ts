import { BerthError } from '@berth/errors/berth-error';
import { z } from 'zod';

/** Where a page of rows, newest first, begins: after this row. */
export interface PageStart {
  createdAt: Date;
  id: string;
}

/** Query of every list that has pages. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most rows of a page.'),
  cursor: z.string().min(1).max(200).optional().describe('`nextCursor` of the page before.'),
});

/** Body of every list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last one.'),
  });
}

/**
 * The start that a cursor names; null without one.
 * @throws BerthError `INPUT_INVALID` for a cursor that we did not make.
 */
export function pageStart(cursor: string | undefined): PageStart | null {
  if (cursor === undefined) return null;
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const createdAt = new Date(Number(at));
  if (!/^\d{1,15}$/.test(at) || !/^[a-z]+_[0-9a-z]+$/.test(id) || Number.isNaN(createdAt.getTime()))
    throw new BerthError('INPUT_INVALID', { problems: ['cursor: must be the nextCursor of another page'] });
  return { createdAt, id };
}

/** The part of a query that leaves out the pages before. Sort by `pageOrder`, ask for `limit + 1` rows, hand them to `toPage`. */
export function afterStart(start: PageStart | null): Record<string, unknown> {
  if (!start) return {};
  return { $or: [{ createdAt: { $lt: start.createdAt } }, { createdAt: start.createdAt, _id: { $lt: start.id } }] };
}

export const pageOrder = { createdAt: -1, _id: -1 } as const;

/** Cuts the row too many that was asked for, and names the page after. */
export function toPage<T extends { _id: string; createdAt: Date }>(
  rows: T[],
  limit: number,
): { rows: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor =
    rows.length > limit && last ? Buffer.from(`${last.createdAt.getTime()} ${last._id}`).toString('base64url') : null;
  return { rows: page, nextCursor };
}
