import { Skeleton, VisuallyHidden } from '@mantine/core';
import page from '../components/page.module.css';

export function PendingPage() {
  return (
    <div className={page.page} aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Skeleton h={30} w={180} mb={26} />
      <Skeleton h={220} radius="lg" />
    </div>
  );
}
