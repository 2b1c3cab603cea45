import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { only, parseSearch, type Rules, SPANS, writeSearch } from './search-params.ts';
import { NotFound, PageFault, Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: only({}) });

type Component = Parameters<typeof lazyRouteComponent>[0];

const page = (path: string, load: Component, rules: Rules = {}) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    errorComponent: PageFault,
    validateSearch: only(rules),
  });

const EVENT_STATUSES = ['pending', 'retrying', 'delivered', 'failed', 'held'];
const MESSAGE_STATUSES = ['received', 'accepted', 'outcome_unknown', 'sent', 'delivered', 'read', 'played', 'failed'];
const CATEGORIES = ['AUTHENTICATION', 'UTILITY', 'MARKETING'];
const TEMPLATE_STATUSES = ['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED'];

const pages = [
  page('/', () => import('./pages/overview.tsx')),
  page('/settings/api-keys', () => import('./pages/api-keys/api-keys.tsx'), {
    status: ['active', 'ended'],
    scope: 'text',
    new: ['1'],
  }),
  page('/settings/audit-log', () => import('./pages/settings/audit-log.tsx'), {
    action: 'text',
    actor: 'text',
    since: SPANS,
  }),
  page('/settings/members', () => import('./pages/settings/members.tsx')),
  page('/whatsapp/connection', () => import('./pages/connection/connection.tsx')),
  page('/whatsapp/templates', () => import('./pages/templates/templates.tsx'), {
    status: TEMPLATE_STATUSES,
    category: CATEGORIES,
    name: 'text',
    template: 'text',
  }),
  page('/whatsapp/templates/new', () => import('./pages/templates/new-template.tsx'), { from: 'text', kind: ['otp'] }),
  page('/whatsapp/messages', () => import('./pages/messages/messages.tsx'), {
    direction: ['inbound', 'outbound'],
    status: MESSAGE_STATUSES,
    contact: 'text',
    reference: 'text',
    since: SPANS,
    message: 'text',
  }),
  page('/whatsapp/conversations', () => import('./pages/messages/conversations.tsx'), {
    window: ['open', 'closed'],
    contact: 'text',
    conversation: 'text',
  }),
  page('/webhooks/deliveries', () => import('./pages/deliveries/deliveries.tsx'), {
    status: EVENT_STATUSES,
    type: EVENT_TYPES,
    since: SPANS,
    event: 'text',
  }),
  page('/webhooks/deliveries/$id', () => import('./pages/deliveries/delivery.tsx')),
  page('/webhooks/recoveries', () => import('./pages/deliveries/recoveries.tsx')),
  page('/webhooks/catalogue', () => import('./pages/catalogue.tsx'), { type: EVENT_TYPES }),
];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/app',
  parseSearch: (text) => parseSearch(text),
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
