import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keysQuery, rotateKey } from '../../api/apps';
import { useOperation } from '../../api/operations';
import { inSentence } from '../../components/in-sentence';
import { ProblemNotice } from '../../components/problem-notice';
import { sayDate } from '../../components/say-time';
import { ValueRow } from '../../components/value-row';
import type { KeyRow } from './keys-page';
import classes from './rotate-key-dialog.module.css';

const choices = [
  { value: '0', label: 'Not at all: it stops now' },
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '7 days' },
  { value: '720', label: '30 days' },
];

interface RotateKeyDialogProps {
  appId: string;
  environment: string;
  row: KeyRow;
  onClose: () => void;
}

export function RotateKeyDialog({ appId, environment, row, onClose }: RotateKeyDialogProps) {
  const client = useQueryClient();
  const [hours, setHours] = useState('24');
  const rotate = useMutation({ mutationFn: () => rotateKey(appId, environment, row.kind, Number(hours)) });
  const operation = useOperation(rotate.data?.operation.id, rotate.data?.operation);
  const state = operation.data?.state;
  const name = inSentence(row.label);

  useEffect(() => {
    if (rotate.data) void client.invalidateQueries({ queryKey: keysQuery(appId, environment).queryKey });
  }, [rotate.data, client, appId, environment]);

  return (
    <Modal opened onClose={onClose} title={rotate.data ? `New ${name}` : `Rotate the ${name}`}>
      {rotate.data ? (
        <Stack gap="md">
          <p className={classes.text} role="status" aria-live="polite">
            {state === 'running' && 'The new key is on its way to the backend…'}
            {state === 'succeeded' && 'The new key is in force. '}
            {state === 'succeeded' &&
              (rotate.data.oldValidUntil
                ? `The old one works until ${sayDate(rotate.data.oldValidUntil)}.`
                : 'The old one does not work any more.')}
          </p>
          <ProblemNotice error={operation.data?.error} />
          <div className={classes.value}>
            <ValueRow label={row.label} value={rotate.data.value} secret />
          </div>
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rotate.mutate();
          }}
        >
          <Stack gap="md">
            <Text>A new key is made at once. Apps that use the old one stop working when its time is over.</Text>
            <Select
              label="How long the old key stays valid"
              data={choices}
              value={hours}
              onChange={(value) => setHours(value ?? '24')}
              comboboxProps={{ withinPortal: true }}
            />
            <ProblemNotice error={rotate.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={rotate.isPending}>
                Rotate key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
