// A form is sent once however often its button is pressed. (The server holds to it too: every form carries its own key.)
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = 'yes';
  const { submitter } = event;
  if (submitter) submitter.setAttribute('aria-busy', 'true');
});

// Coming back with the browser's button shows the page as it was left: let it be sent again.
addEventListener('pageshow', () => {
  document.querySelectorAll('form[data-sending]').forEach((form) => {
    delete form.dataset.sending;
    form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
  });
});
