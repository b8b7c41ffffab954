import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

/** `<div data-diagram="URL of the BPMN file">` becomes a drawing that can be moved and zoomed. */
async function draw(element) {
  const viewer = new NavigatedViewer({ container: element });
  const response = await fetch(element.dataset.diagram);
  await viewer.importXML(await response.text());
  viewer.get('canvas').zoom('fit-viewport');
}

document.querySelectorAll('[data-diagram]').forEach(draw);
