import { useParams } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { LinkButton } from '../../components/router-link.tsx';
import EventView from './event-view.tsx';

export default function Delivery() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return (
    <Page title="Delivery" actions={<LinkButton to="/webhooks/deliveries">All deliveries</LinkButton>}>
      <EventView id={id} />
    </Page>
  );
}
