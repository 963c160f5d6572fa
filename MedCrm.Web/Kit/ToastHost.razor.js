// Ctrl+Z belongs to the field while somebody types, and to the open dialog while there is one; elsewhere it takes back the last gesture.
const typed = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range])';

let controller = null;

export function watch(component) {
  controller = new AbortController();
  document.addEventListener('keydown', event => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';
    if (!isUndo || event.repeat || event.defaultPrevented || event.target.closest?.(typed) || document.querySelector('dialog[open]')) {
      return;
    }
    event.preventDefault();
    component.invokeMethodAsync('UndoLastAsync');
  }, { signal: controller.signal });
}

export function leave() {
  controller?.abort();
}
