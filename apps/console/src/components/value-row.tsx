import { ActionIcon, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { CopyButton } from './copy-button';
import { inSentence } from './in-sentence';
import classes from './value-row.module.css';

interface ValueRowProps {
  label: string;
  hint?: ReactNode;
  value: string;
  /** Hidden until asked for; can be copied all the same. */
  secret?: boolean;
  href?: string;
  actions?: ReactNode;
}

/** A labelled value that can be copied. */
export function ValueRow({ label, hint, value, secret, href, actions }: ValueRowProps) {
  const [shown, setShown] = useState(!secret);
  return (
    <div className={classes.row}>
      <div className={classes.label}>
        <span>{label}</span>
        {hint && <small>{hint}</small>}
      </div>
      <div className={classes.value}>
        {href ? (
          <a href={href} target="_blank" rel="noreferrer">
            {breakable(value)}
          </a>
        ) : shown ? (
          <code>{breakable(value)}</code>
        ) : (
          <code className={classes.hidden}>
            <span aria-hidden="true">{'•'.repeat(24)}</span>
            <span className={classes.said}>Hidden</span>
          </code>
        )}
      </div>
      <div className={classes.actions}>
        {secret && (
          <Tooltip label={shown ? 'Hide' : 'Show'}>
            <ActionIcon
              aria-label={shown ? `Hide ${inSentence(label)}` : `Show ${inSentence(label)}`}
              onClick={() => setShown(!shown)}
            >
              {shown ? <IconEyeOff size={16} stroke={1.7} /> : <IconEye size={16} stroke={1.7} />}
            </ActionIcon>
          </Tooltip>
        )}
        <CopyButton value={value} what={inSentence(label)} />
        {actions}
      </div>
    </div>
  );
}

/** Addresses break after a slash rather than anywhere. */
function breakable(value: string): ReactNode[] {
  return value.split(/(?<=[^/:]\/)/).flatMap((part, index) => (index === 0 ? [part] : [<wbr key={part} />, part]));
}
