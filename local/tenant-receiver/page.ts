import type { Received, ReceiverStore } from './store.ts';

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2430 }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; vertical-align: top }
  tr + tr { border-top: 1px solid #dde3ea } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 }
  .yes { color: #14713d } .no { color: #b3261e; font-weight: 600 } code { font-size: .9em }`;

/** A person looks here whether events arrive: newest first, nothing fetched from elsewhere. */
export function receivedPage(received: readonly Received[], summary: ReturnType<ReceiverStore['summary']>): string {
  const rows = received.map(row).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Tenant receiver</title><style>${STYLE}</style></head><body><h1>What the tenant received</h1>
<p>${summary.deliveries} deliveries of ${summary.events} events, ${summary.invalid} with a signature that does not hold.</p>
<table><thead><tr><th>Received</th><th>Event</th><th>Attempt</th><th>Quixess signature</th><th>Standard Webhooks</th>
<th>Answered</th><th>Body</th></tr></thead><tbody>${rows || '<tr><td colspan="7">Nothing yet.</td></tr>'}</tbody></table>
</body></html>`;
}

function row(delivery: Received): string {
  const header = (name: string) => escapeHtml(String(delivery.headers[name] ?? '–'));
  const replay = delivery.headers['x-quixess-replay'] === undefined ? '' : ' (replay)';
  return `<tr><td>${delivery.received_at}</td>
<td>${header('x-quixess-event-type')}<br><code>${header('x-quixess-event-id')}</code></td>
<td>${header('x-quixess-attempt')}${replay}</td>${mark(delivery.signatures.quixess)}${mark(delivery.signatures.standard)}
<td>${delivery.answered ?? 'no answer'}</td>
<td><details><summary>${delivery.body.length} characters</summary><pre>${escapeHtml(delivery.body)}</pre>
${delivery.signature_problem === null ? '' : `<p class="no">${escapeHtml(delivery.signature_problem)}</p>`}</details></td></tr>`;
}

function mark(isValid: boolean): string {
  return isValid ? '<td class="yes">✓ valid</td>' : '<td class="no">✗ invalid</td>';
}

/** What tenants get is written by strangers. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
