// The values of a condition close like those of a list: a click elsewhere, or Escape, which gives the focus back to their button.
const pages = new WeakMap();

export function watch(root, page) {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    pages.set(root, controller);

    const opener = () => root.querySelector('[data-anchor] > [aria-expanded=true]');
    document.addEventListener('pointerdown', event => {
        const open = opener();
        if (open && !open.parentElement.contains(event.target)) {
            page.invokeMethodAsync('CloseMenu');
        }
    }, options);
    root.addEventListener('keydown', event => {
        const open = opener();
        if (open && event.key === 'Escape') {
            event.preventDefault();
            open.focus();
            page.invokeMethodAsync('CloseMenu');
        }
    }, options);
    root.dataset.ready = '';
}

export function leave(root) {
    pages.get(root)?.abort();
}
