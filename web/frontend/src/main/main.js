import 'htmx.org';
import './main.css';
import './drafts.js';
import './once.js';
import './forms.js';

// A page that answers with an error, or asks to sign in, is shown as the whole page it is: never half of it inside another.
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  const wanted = ctx.select;
  if (wanted && !new DOMParser().parseFromString(ctx.text, 'text/html').querySelector(wanted)) {
    event.preventDefault();
    location.assign(ctx.request.action);
  }
});

// After the right side has changed, reading and the keyboard go on there.
document.addEventListener('htmx:after:swap', (event) => {
  if (!event.detail.ctx.target?.classList.contains('split')) return; // a form renewed itself: one goes on typing
  const pane = document.querySelector('.has-work .pane');
  if (!pane) return;
  pane.scrollTop = 0;
  if (matchMedia('(max-width: 59.99rem)').matches) scrollTo(0, 0);
  const heading = pane.querySelector('h1');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
});
