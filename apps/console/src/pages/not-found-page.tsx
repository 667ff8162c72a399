import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state';
import { Page } from '../components/page';

interface NotFoundPageProps {
  title?: string;
  text?: string;
}

export function NotFoundPage({
  title = 'Page not found',
  text = 'The address may be mistyped, or what was here is gone.',
}: NotFoundPageProps) {
  return (
    <Page title={title} narrow>
      <EmptyState
        icon={<IconMapOff size={22} stroke={1.7} />}
        title="Nothing is here"
        action={
          <Button component={Link} to="/apps">
            All apps
          </Button>
        }
      >
        {text}
      </EmptyState>
    </Page>
  );
}
