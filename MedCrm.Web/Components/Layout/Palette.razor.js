// Opens on Ctrl+K or any [data-opens-palette]; arrows and Enter act here, the server is asked once typing pauses.
let controller = null;

export function watch(dialog, palette) {
    controller = new AbortController();
    const options = { signal: controller.signal };
    const input = dialog.querySelector('.palette-input');
    let chosen = 0;
    let timer = 0;

    const items = () => [...dialog.querySelectorAll('.palette-item')];
    const mark = () => {
        const all = items();
        chosen = Math.max(0, Math.min(chosen, all.length - 1));
        all.forEach((item, index) => item.setAttribute('aria-selected', index === chosen));
        all[chosen]?.scrollIntoView({ block: 'nearest' });
    };
    const open = () => {
        if (dialog.open) {
            return;
        }
        dialog.showModal();
        input.select();
        chosen = 0;
        mark();
    };
    const ask = async () => {
        clearTimeout(timer);
        timer = 0;
        await palette.invokeMethodAsync('AskAsync', input.value);
        chosen = 0;
        mark();
    };

    document.addEventListener('keydown', event => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
            event.preventDefault();
            open();
        } else if (event.key === '/' && !event.target.closest('input, textarea, select, [contenteditable], dialog')) {
            event.preventDefault();
            open();
        }
    }, options);
    document.addEventListener('click', event => {
        if (event.target.closest('[data-opens-palette]')) {
            open();
        }
    }, options);

    input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(ask, 90);
    }, options);
    dialog.addEventListener('keydown', event => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            chosen += event.key === 'ArrowDown' ? 1 : -1;
            mark();
        } else if (event.key === 'Enter') {
            event.preventDefault();
            // What was typed last decides, not what stood there before.
            if (timer) {
                ask().then(() => items()[chosen]?.click());
            } else {
                items()[chosen]?.click();
            }
        }
    }, options);
    dialog.addEventListener('click', event => {
        if (event.target === dialog || event.target.closest('.palette-item')) {
            dialog.close();
        }
    }, options);
    new MutationObserver(mark).observe(dialog.querySelector('.palette-list'), { childList: true });
}

export function leave() {
    controller?.abort();
}
