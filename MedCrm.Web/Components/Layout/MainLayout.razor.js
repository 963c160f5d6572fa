// The shell's own gestures: folding the navigation, the phone menu, and « g » followed by a letter. The server hears of none of them.
let controller = null;

const places = { a: '/opportunities', i: '/institutions', c: '/contacts', t: '/tasks', j: '/' };

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

    let gAt = -Infinity;
    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector('dialog[open]')) {
            return;
        }
        if (event.key === 'g') {
            gAt = event.timeStamp;
        } else if (places[event.key] && event.timeStamp - gAt < 1200) {
            event.preventDefault();
            gAt = -Infinity;
            Blazor.navigateTo(places[event.key]);
        } else if (event.key === '?') {
            event.preventDefault();
            document.getElementById('shortcuts')?.showModal();
        }
    }, options);
}

export function leave() {
    controller?.abort();
}
