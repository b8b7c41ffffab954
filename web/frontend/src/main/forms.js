// Forms that renew a part of themselves: what shows with an answer, rows added and removed, signatures.
import htmx from 'htmx.org';

const BODY = 'form-fields';

// A change sends the form as it was at that moment. What was typed since is newer than the answer and stays.
// A row button is different: removing a row moves the values of those below it.
let keepsTyped = false;
document.addEventListener('htmx:before:swap', (event) => {
  const { sourceElement, target } = event.detail.ctx;
  keepsTyped = target?.id === BODY && sourceElement?.tagName !== 'BUTTON';
});
htmx.registerExtension('typed-stays', {
  htmx_before_morph_attr: (element, detail) =>
    !(keepsTyped && detail.attrName === 'value' && element.tagName === 'INPUT' && element.type !== 'hidden'),
  htmx_before_morph_node: (element) => !(keepsTyped && (element.tagName === 'TEXTAREA' || element.dataset?.drawing)),
});

function begin() {
  document.querySelectorAll('[data-drawing]').forEach(signing);
}

document.addEventListener('htmx:after:swap', (event) => {
  begin(); // a task taken from the list brings its form along
  if (event.detail.ctx.target?.id !== BODY) return;
  // A new row begins with its first input.
  if (!keepsTyped) document.querySelector(`#${BODY} [autofocus]`)?.focus();
});

// The box to sign in. Its line goes along as a picture in a hidden field.
function signing(box) {
  box.hidden = false;
  if (box.dataset.ready) return;
  box.dataset.ready = 'yes';
  const canvas = box.querySelector('canvas');
  const field = box.querySelector('input');
  const pen = canvas.getContext('2d');
  let drawing = false;

  const clear = () => {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    field.value = '';
  };
  const place = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((event.clientX - left) / width) * canvas.width, ((event.clientY - top) / height) * canvas.height];
  };

  canvas.addEventListener('pointerdown', (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 4;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.strokeStyle = '#111';
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!drawing) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  const stop = () => {
    if (!drawing) return;
    drawing = false;
    field.value = canvas.toDataURL('image/png');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  canvas.addEventListener('pointerup', stop);
  canvas.addEventListener('pointercancel', stop);
  box.querySelector('[data-drawing-clear]').addEventListener('click', clear);
  clear();
}

begin();
