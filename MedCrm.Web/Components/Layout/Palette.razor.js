// What happens inside the open palette: arrows and Enter act here, the server is asked once typing pauses. js/keyboard.js opens it.
const pause = 90;

let controller = null;

export function watch(dialog, palette) {
    controller = new AbortController();
    const options = { signal: controller.signal };
    const input = dialog.querySelector('.palette-input');
    const list = dialog.querySelector('.palette-list');
    let chosen = 0;
    let timer = 0;
    let answer = Promise.resolve();

    const items = () => [...list.querySelectorAll('.palette-item')];
    const mark = () => {
        const all = items();
        chosen = Math.max(0, Math.min(chosen, all.length - 1));
        all.forEach((item, index) => {
            item.id = `palette-item-${index}`;
            item.setAttribute('aria-selected', index === chosen);
        });
        input.setAttribute('aria-activedescendant', all.length ? all[chosen].id : '');
        if (chosen === 0) {
            list.scrollTop = 0;
        } else {
            all[chosen]?.scrollIntoView({ block: 'nearest' });
        }
    };
    const ask = () => {
        clearTimeout(timer);
        timer = 0;
        const text = input.value;
        answer = palette.invokeMethodAsync('AskAsync', text).then(() => {
            if (text === input.value) {
                chosen = 0;
                mark();
            }
        });
    };
    // What was typed last decides, not what stood there before.
    const choose = async () => {
        if (timer) {
            ask();
        }
        let awaited;
        do {
            awaited = answer;
            await awaited;
        } while (awaited !== answer);
        if (dialog.open) {
            items()[chosen]?.click();
        }
    };

    input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(ask, pause);
    }, options);
    dialog.addEventListener('keydown', event => {
        if (event.isComposing) {
            return;
        }
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            chosen += event.key === 'ArrowDown' ? 1 : -1;
            mark();
        } else if (event.key === 'Enter') {
            event.preventDefault();
            choose();
        }
    }, options);
    dialog.addEventListener('click', event => {
        const filter = event.target.closest('[data-prefix]');
        if (filter) {
            // The same filter again takes it off.
            const text = input.value.replace(/^\s*\p{L}\s?:\s*/u, '');
            input.value = filter.getAttribute('aria-pressed') === 'true' ? text : filter.dataset.prefix + text;
            input.focus();
            ask();
        } else if (event.target === dialog || event.target.closest('.palette-item')) {
            dialog.close();
        }
    }, options);
    dialog.addEventListener('medcrm:opened', ask, options);
    dialog.addEventListener('close', () => {
        clearTimeout(timer);
        timer = 0;
        input.value = '';
        palette.invokeMethodAsync('Rest');
    }, options);
    // A lost link is back: what was asked meanwhile has had no answer.
    document.addEventListener('medcrm:linked', () => dialog.open && ask(), options);
    new MutationObserver(mark).observe(list, { childList: true });

    // What was asked, typed and entered before this script stood counts too.
    dialog.dataset.ready = '';
    if (dialog.open) {
        ask();
        if (dialog.dataset.entered !== undefined) {
            choose();
        }
    }
    delete dialog.dataset.entered;
}

export function leave() {
    controller?.abort();
}
