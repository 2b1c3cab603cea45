import { dashboardOf } from '../../support/dashboard.ts';
import { eventually, type RunningStack } from '../../support/local-stack.ts';
import { sendOtp } from '../../support/tenant.ts';

type Row = { id: string; status: string };

/** Something of everything for the demo organisation, made as a tenant and its people make it. @returns ids to open */
export async function fillOrganisation(stack: RunningStack) {
  const owner = await dashboardOf(stack, 'owner@demo.example');
  const { brand_id } = stack;
  const rows = async (path: string, query = '') =>
    ((await owner('GET', `${path}?brand_id=${brand_id}${query}`)).body.data ?? []) as Row[];

  for (const [name, scopes] of [
    ['Signup service', ['whatsapp:send_otp']],
    ['Support desk', ['whatsapp:reply', 'whatsapp:read_messages', 'whatsapp:read_conversations']],
    ['Old backend', ['whatsapp:send_template']],
  ] as const)
    await owner('POST', '/api-keys', { brand_id, name, scopes });
  const [old] = await rows('/api-keys');
  await owner('DELETE', `/api-keys/${old?.id}`);

  await write(stack, 2);
  for (const to of ['+15550100101', '+15550100102'])
    await sendOtp(stack, { body: { to, code: '482913', template_name: 'signup_otp' } });
  const [delivered] = await eventually(
    () => rows('/webhooks/events', '&status=delivered&type=message.delivered'),
    (all) => all.length >= 2,
    60_000,
  );
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await write(stack, 1);
  const [broken] = await eventually(
    () => rows('/webhooks/events', '&status=retrying'),
    (all) => all.length >= 1,
    60_000,
  );
  await stack.receiver.behave({ mode: 'ok' });
  await owner('POST', '/webhooks/recoveries', { brand_id, statuses: ['delivered'], rate_per_second: 1 });
  const [message] = await rows('/whatsapp/messages', '&direction=outbound');
  const [conversation] = await rows('/whatsapp/conversations');
  return {
    delivered: String(delivered?.id),
    broken: String(broken?.id),
    message: String(message?.id),
    conversation: String(conversation?.id),
  };
}

async function write(stack: RunningStack, people: number): Promise<void> {
  for (let one = 0; one < people; one += 1)
    await stack.simulator.inbound({
      from: `1555010020${one}`,
      name: 'Ada',
      type: 'text',
      text: { body: 'Is my order on its way?' },
    });
}
