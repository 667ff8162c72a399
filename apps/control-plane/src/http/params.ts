import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { pageQuery } from './pagination';

/** An id in a path. Whether there is such a row is for the use case to say. */
export class IdParam extends createZodDto(z.object({ id: z.string().min(1).max(64) })) {}

export class PageQuery extends createZodDto(pageQuery) {}
