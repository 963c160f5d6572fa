// The shell's own gestures: folding the navigation, and the phone menu. The server hears of none of them; its keys are those of js/keyboard.js.
let controller = null;

export function typing(target) {
    return target instanceof Element && (target.closest('input, textarea, select, [contenteditable]') !== null);
}

export function watch(app) {
    controller = new AbortController();
    const options = { signal: controller.signal };

    app.dataset.nav = localStorage.getItem('medcrm-nav') ?? '';

    app.addEventListener('click', event => {
        if (event.target.closest('[data-collapse]')) {
            app.dataset.nav = app.dataset.nav === 'collapsed' ? '' : 'collapsed';
            localStorage.setItem('medcrm-nav', app.dataset.nav);
        } else if (event.target.closest('[data-menu]')) {
            app.dataset.nav = app.dataset.nav === 'open' ? '' : 'open';
        } else if (app.dataset.nav === 'open' && (event.target.closest('.nav a') || !event.target.closest('.nav'))) {
            app.dataset.nav = '';
        }
    }, options);
}

export function leave() {
    controller?.abort();
}
