// Where the focus was before each open dialog.
const before = new Map();

export function open(dialog, component, id) {
    before.set(id, document.activeElement);
    let typed = false;
    const leave = () => component.invokeMethodAsync(typed ? 'Ask' : 'CloseAsync');
    const ours = event => event.target.closest?.('dialog') === dialog;

    // What stands apart from the form is saved as it is typed: leaving loses nothing of it.
    const type = event => typed ||= !event.target.closest('[data-apart]');

    dialog.addEventListener('input', type);
    dialog.addEventListener('change', type);
    dialog.addEventListener('keydown', event => {
        if (event.key === 'Escape' && !event.defaultPrevented && ours(event)) {
            event.preventDefault();
            event.stopPropagation();
            leave();
        }
    });
    dialog.addEventListener('cancel', event => {
        if (event.target === dialog) {
            event.preventDefault();
            leave();
        }
    });
    dialog.addEventListener('click', event => {
        if (ours(event) && event.target.closest('[data-close]')) {
            leave();
        }
    });
    // Beside the panel, on what would be its backdrop.
    dialog.addEventListener('mousedown', event => {
        const box = dialog.getBoundingClientRect();
        if (event.target === dialog && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom)) {
            leave();
        }
    });

    dialog.showModal();
    const first = dialog.querySelector('[autofocus]') ?? dialog.querySelector(':is(.panel-body, .modal-body) :is(input, select, textarea):not([type=hidden], [tabindex="-1"], :disabled)') ?? dialog.querySelector(':is(.panel-foot, .modal-foot) .btn.primary');
    first?.focus();
}

export function closed(id) {
    const element = before.get(id);
    before.delete(id);
    if (element?.isConnected) {
        element.focus({ preventScroll: true });
    }
}
