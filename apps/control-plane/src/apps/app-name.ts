import { z } from 'zod';

export const appNameMaxLength = 60;

/** Control characters, halves of surrogate pairs, line ends, and what turns the direction of the text around it. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Name of an app: 1 to 60 characters of any script, as people count them, emoji too; spaces at the ends are cut. */
export const appName = z
  .string()
  .max(1000, `at most ${appNameMaxLength} characters`)
  .transform((name) => name.normalize('NFC').trim())
  .refine((name) => visible.test(name), 'at least one visible character')
  .refine((name) => characters(name) <= appNameMaxLength, `at most ${appNameMaxLength} characters`)
  .refine((name) => !unprintable.test(name), 'no control characters or line breaks');

/** Any text a person can see and send in a header or body, as keys of apps that were made elsewhere may be. */
export const printableText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !unprintable.test(text), 'no control characters or line breaks')
    .refine((text) => text.trim() === text && visible.test(text), 'no spaces at the ends');

function characters(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}
