import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ProblemNotice } from './problem-notice';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The word that has to be typed, where a click is not enough. */
  word?: string;
  children: ReactNode;
  confirmLabel: string;
  onConfirm: () => void;
  busy: boolean;
  error: unknown;
}

/** Asks before something is taken away. */
export function Confirm(props: ConfirmProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <ConfirmForm {...props} />
    </Modal>
  );
}

/** Apart, so that the typed word is forgotten when the dialog closes. */
function ConfirmForm({ word, children, confirmLabel, onConfirm, onClose, busy, error }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const fits = word === undefined || typed.trim() === word;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fits && !busy) onConfirm();
      }}
    >
      <Stack gap="md">
        <div>{children}</div>
        {word !== undefined && (
          <TextInput
            data-autofocus
            label={
              <>
                Type <code>{word}</code> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        <ProblemNotice error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red.8" disabled={!fits} loading={busy}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
