// The page works without. With it: a link to an endpoint opens it, a language chosen once is chosen everywhere,
// code can be copied, endpoints found.
const all = (selector) => [...document.querySelectorAll(selector)];

const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.localName !== 'details') return;
  target.open = true;
  target.querySelector('summary').focus({ preventScroll: true });
  target.scrollIntoView();
};
addEventListener('hashchange', openTarget);
openTarget();

document.addEventListener('change', ({ target }) => {
  if (target.type !== 'radio') return;
  for (const other of all(`input[data-language="${target.dataset.language}"]`)) other.checked = true;
});

for (const card of all('.code')) {
  const button = document.createElement('button');
  button.className = 'copy';
  button.type = 'button';
  button.textContent = 'Copy';
  button.ariaLive = 'polite';
  button.addEventListener('click', async () => {
    const shown = [...card.querySelectorAll('pre')].find((pre) => pre.checkVisibility());
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
  card.append(button);
}

const filter = document.getElementById('filter');
if (filter) {
  filter.parentElement.hidden = false;
  const endpoints = all('.group .endpoint').map((element) => [element, element.textContent.toLowerCase()]);
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const [element, text] of endpoints) element.hidden = !words.every((word) => text.includes(word));
    for (const group of all('.group')) group.hidden = !group.querySelector('.endpoint:not([hidden])');
    filter.nextElementSibling.textContent = `${endpoints.filter(([element]) => !element.hidden).length} endpoints`;
  });
}

addEventListener('beforeprint', () => {
  for (const details of all('details')) details.open = true;
});
