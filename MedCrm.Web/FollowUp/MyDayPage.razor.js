// The keyboard of the day: moving along the lines needs no server; the other keys press the buttons that the lines already have.
import { typing } from '../Components/Layout/MainLayout.razor.js';

let controller = null;

// Until the line has opened its form, what is typed is meant for the form and must not move or open anything.
let askedAt = -Infinity;

const lines = root => [...root.querySelectorAll('[data-item]')];

export function watch(root, page) {
    controller?.abort();
    controller = new AbortController();
    const options = { signal: controller.signal };
    let day = new Date().toDateString();

    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector('dialog[open], .bellpanel')) {
            return;
        }

        if (event.timeStamp - askedAt < 1500) {
            event.preventDefault();
            return;
        }

        const all = lines(root);
        const at = all.findIndex(line => line.contains(document.activeElement));
        const press = act => all[at]?.querySelector(`[data-act="${act}"]`)?.click();
        const ask = act => {
            askedAt = at >= 0 ? event.timeStamp : askedAt;
            press(act);
        };
        if (event.key === 'j' || (event.key === 'ArrowDown' && at >= 0)) {
            all[Math.min(at + 1, all.length - 1)]?.focus();
        } else if (event.key === 'k' || (event.key === 'ArrowUp' && at >= 0)) {
            all[Math.max(at - 1, 0)]?.focus();
        } else if (event.key === 'x') {
            ask('finish');
        } else if (event.key === 'r') {
            ask('put-off');
        } else if (event.key === 'Enter' && event.target === all[at]) {
            press('open');
        } else if (event.key === 'n') {
            root.querySelector('[data-act="new"]')?.click();
        } else {
            return;
        }

        event.preventDefault();
    }, options);

    document.addEventListener('visibilitychange', () => {
        if (!document.hidden && day !== new Date().toDateString()) {
            day = new Date().toDateString();
            page.invokeMethodAsync('LookedAtAsync');
        }
    }, options);
    root.dataset.ready = '';
}

// The form of the line when it asks something, else the line itself; the heading when nothing is left.
export function focus(root, key) {
    askedAt = -Infinity;
    const line = lines(root).find(candidate => candidate.dataset.item === key);
    const target = line?.querySelector('[data-first]') ?? line ?? root.querySelector('h1');
    target?.focus();
}

export function leave() {
    controller?.abort();
    controller = null;
}
