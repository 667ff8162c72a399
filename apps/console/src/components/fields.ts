import { useState } from 'react';
import { ApiProblem } from '../api/problem';

type Checks<T> = { [K in keyof T]?: (value: T[K], all: T) => string | null };

/** Values of a small form: checked when it is sent, and from then on as one types. */
export function useFields<T extends Record<string, unknown>>(initial: T, checks: Checks<T> = {}) {
  const [values, setValues] = useState(initial);
  const [sent, setSent] = useState(false);

  const problemOf = <K extends keyof T>(key: K): string | null => checks[key]?.(values[key], values) ?? null;

  return {
    values,
    set: <K extends keyof T>(key: K, value: T[K]) => setValues((before) => ({ ...before, [key]: value })),
    reset: () => {
      setValues(initial);
      setSent(false);
    },
    /** Props of a text input. An error of the last answer shows at the field it names. */
    text: (key: keyof T & string, answer?: unknown) => ({
      name: key,
      value: String(values[key] ?? ''),
      onChange: (event: { currentTarget: { value: string } }) => {
        const { value } = event.currentTarget;
        setValues((before) => ({ ...before, [key]: value }));
      },
      error: (sent ? problemOf(key) : null) ?? (answer instanceof ApiProblem ? answer.fieldProblem(key) : null),
    }),
    /** Wraps a submit handler: it runs only when all checks pass; else the first wrong field gets the focus. */
    submit: (run: (values: T) => void) => (event: React.SyntheticEvent<HTMLFormElement>) => {
      event.preventDefault();
      setSent(true);
      const wrong = (Object.keys(checks) as (keyof T & string)[]).find((key) => problemOf(key));
      if (wrong) {
        const field = event.currentTarget.elements.namedItem(wrong);
        if (field instanceof HTMLElement) field.focus();
        return;
      }
      run(values);
    },
  };
}

export const required = (what: string) => (value: unknown) => (String(value ?? '').trim() ? null : `Enter ${what}.`);

export const email = (value: unknown) =>
  /^[^\s@]+@[^\s@]+$/.test(String(value ?? '').trim()) ? null : 'Enter a mail address, such as ana@example.com.';
