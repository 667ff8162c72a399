import { ActionIcon, Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { announce } from './announce';
import { copyText } from './copy-text';

interface CopyProps {
  /** The text, or how to get it when it is asked for. */
  value: string | (() => Promise<string>);
  /** What is copied: "master key". */
  what: string;
  /** Text beside the icon; an icon alone without it. */
  label?: string;
  variant?: 'default' | 'filled' | 'subtle';
}

export function CopyButton({ value, what, label, variant = 'default' }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await copyText(typeof value === 'string' ? value : await value());
      setCopied(true);
    } catch {
      announce(`The ${what} could not be copied. Select it and copy it by hand.`);
    }
  };

  const icon = copied ? <IconCheck size={16} stroke={2} /> : <IconCopy size={16} stroke={1.7} />;
  const said = (
    <VisuallyHidden role="status" aria-live="polite">
      {copied ? `Copied ${what}` : ''}
    </VisuallyHidden>
  );
  if (label)
    return (
      <>
        <Button variant={variant} leftSection={icon} onClick={copy} aria-label={`Copy ${what}`}>
          {copied ? 'Copied' : label}
        </Button>
        {said}
      </>
    );
  return (
    <>
      <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
        <ActionIcon onClick={copy} aria-label={`Copy ${what}`} color={copied ? 'harbor' : 'gray'}>
          {icon}
        </ActionIcon>
      </Tooltip>
      {said}
    </>
  );
}
