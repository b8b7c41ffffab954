import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';

/**
 * `<div data-diagram="URL of the BPMN file" data-done="ids" data-current="ids">` becomes a drawing that can be moved and zoomed.
 * Beside it stands the list of steps, which says the same in words.
 */
async function draw(element) {
  const viewer = new NavigatedViewer({ container: element });
  const response = await fetch(element.dataset.diagram, { credentials: 'same-origin' });
  if (!response.ok) return;
  try {
    await viewer.importXML(await response.text());
  } catch {
    // A diagram may come without a drawing; the list of steps is there.
    viewer.destroy();
    element.classList.add('missing');
    element.textContent = element.dataset.missing;
    return;
  }
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const mark = (ids, name) => {
    for (const id of (ids || '').split(' ')) if (id && registry.get(id)) canvas.addMarker(id, name);
  };
  mark(element.dataset.done, 'is-done');
  mark(element.dataset.current, 'is-current');
  const drawing = element.querySelector('svg');
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', element.dataset.label);
  show(viewer, element);
  element.append(buttons(viewer, element));
  new ResizeObserver(() => canvas.resized()).observe(element);
}

/** Small diagrams whole; large ones where the work is, at a size one can read. */
function show(viewer, element) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  const registry = viewer.get('elementRegistry');
  // The innermost: what stands around it is current, too.
  const [current] = (element.dataset.current || '')
    .split(' ')
    .map((id) => registry.get(id))
    .filter((it) => it && it.width)
    .sort((one, other) => one.width * one.height - other.width * other.height);
  if (canvas.zoom() < 0.6 && current) {
    const { outer } = canvas.viewbox();
    const [width, height] = [outer.width / 0.8, outer.height / 0.8];
    const [x, y] = [current.x + current.width / 2 - width / 2, current.y + current.height / 2 - height / 2];
    canvas.viewbox({ x, y, width, height });
  }
}

function buttons(viewer, element) {
  const bar = document.createElement('div');
  bar.className = 'drawing-buttons';
  const zoom = viewer.get('zoomScroll');
  const add = (sign, label, action) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = sign;
    button.setAttribute('aria-label', label);
    button.title = label;
    button.addEventListener('click', action);
    bar.append(button);
  };
  add('+', element.dataset.zoomIn, () => zoom.stepZoom(1));
  add('−', element.dataset.zoomOut, () => zoom.stepZoom(-1));
  add('⤢', element.dataset.fit, () => viewer.get('canvas').zoom('fit-viewport', 'auto'));
  return bar;
}

document.querySelectorAll('[data-diagram]').forEach(draw);

// A long list of steps opens where the matter is now.
for (const steps of document.querySelectorAll('.steps')) {
  const now = steps.querySelector('.current');
  if (now) steps.scrollTop = now.offsetTop - steps.clientHeight / 3;
}
