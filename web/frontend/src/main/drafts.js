// What is typed is kept on the server a moment after typing stops. Without JavaScript the button 保存 does it.
const PAUSE = 1500;
const timers = new WeakMap();

async function keep(form) {
  const said = form.querySelector('[data-saved]');
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set('_do', 'keep');
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { 'X-Wulian-Draft': '1' }, credentials: 'same-origin' });
    if (said) said.textContent = response.ok ? await response.text() : said.dataset.failed;
  } catch {
    if (said) said.textContent = said.dataset.failed;
  }
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-draft]');
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => keep(form), PAUSE),
  );
});

document.addEventListener('submit', (event) => clearTimeout(timers.get(event.target)));
