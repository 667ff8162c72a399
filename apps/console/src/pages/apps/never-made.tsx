import type { App } from '@berth/client/schema';
import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { trashApp } from '../../api/apps';
import { announce } from '../../components/announce';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { sayDate } from '../../components/say-time';

/** In place of the pages of an app whose creation failed: why, and the two things one can do. */
export function NeverMade({ app }: { app: App }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => trashApp(app.id),
    onSuccess: async () => {
      await navigate({ to: '/apps' });
      announce(`${app.name} is removed.`);
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  return (
    <Panel title="This app could not be created" lead={app.reason?.message ?? 'The reason is not known.'}>
      <Text mb="md">
        Nothing of it was kept, so there is nothing to lose.
        {app.purgeAt && ` This note goes by itself on ${sayDate(app.purgeAt)}.`}
      </Text>
      <ProblemNotice error={remove.error} />
      <Group gap="xs">
        <Button component={Link} to="/apps/new">
          Create it again
        </Button>
        <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </Group>
    </Panel>
  );
}
