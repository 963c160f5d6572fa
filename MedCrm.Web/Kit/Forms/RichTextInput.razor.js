// Marks and names are put into the text here; the server hears of it as of anything typed.
const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function watch(root, names) {
    const area = root.querySelector('textarea');
    const list = root.querySelector('.lookup-list');
    let at = -1;

    const tell = () => {
        area.dispatchEvent(new Event('input', { bubbles: true }));
        area.dispatchEvent(new Event('change', { bubbles: true }));
    };
    // execCommand alone keeps the browser's own undo; the plain way stands in where it is gone.
    const put = (text, from, to) => {
        area.focus();
        area.setSelectionRange(from, to);
        if (!document.execCommand('insertText', false, text)) {
            area.setRangeText(text, from, to, 'end');
        }
    };
    const wrap = mark => {
        const { selectionStart: from, selectionEnd: to, value } = area;
        const text = value.slice(from, to);
        const isIn = value.slice(from - mark.length, from) === mark && value.slice(to, to + mark.length) === mark && value[from - mark.length - 1] !== '*';
        // A second press takes the mark away, or leaves it once something stands inside.
        if (isIn && text) {
            put(text, from - mark.length, to + mark.length);
            area.setSelectionRange(from - mark.length, to - mark.length);
            tell();
            return;
        }
        if (!text && value.slice(to, to + mark.length) === mark && from > mark.length) {
            area.setSelectionRange(to + mark.length, to + mark.length);
            return;
        }
        put(mark + text + mark, from, to);
        area.setSelectionRange(from + mark.length, from + mark.length + text.length);
        tell();
    };
    const prefix = mark => {
        const { selectionStart, selectionEnd, value } = area;
        const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
        const lines = value.slice(from, selectionEnd).split('\n');
        put(lines.map((line, index) => (mark === '1. ' ? `${index + 1}. ` : mark) + line).join('\n'), from, selectionEnd);
        tell();
    };
    const link = () => {
        const { selectionStart: from, selectionEnd: to, value } = area;
        const text = value.slice(from, to) || 'lien';
        put(`[${text}](https://)`, from, to);
        area.setSelectionRange(from + text.length + 3, from + text.length + 11);
        tell();
    };

    const close = () => {
        list.hidden = true;
        at = -1;
    };
    const offer = () => {
        const before = area.value.slice(0, area.selectionStart);
        const found = /(^|[^\p{L}\p{N}])@([\p{L}\p{M}' -]{0,40})$/u.exec(before);
        const typed = found && fold(found[2]);
        const likely = found ? names.filter(name => fold(name).split(/[ -]/).some((_, index, words) => words.slice(index).join(' ').startsWith(typed))) : [];
        if (likely.length === 0 || (likely.length === 1 && fold(likely[0]) === typed)) {
            close();
            return;
        }

        at = before.length - found[2].length;
        list.replaceChildren(...likely.slice(0, 8).map((name, index) => {
            const option = document.createElement('div');
            option.setAttribute('role', 'option');
            option.setAttribute('aria-selected', String(index === 0));
            option.textContent = name;
            return option;
        }));
        list.hidden = false;
    };
    const choose = option => {
        const start = at;
        put(option.textContent + ' ', start, area.selectionStart);
        close();
        tell();
    };

    root.querySelector('.richtext-tools').addEventListener('mousedown', event => {
        // A mark leaves the caret where it is; the preview lets the text go to the server first.
        if (!event.target.closest('[data-preview]')) {
            event.preventDefault();
        }
    });
    root.querySelector('.richtext-tools').addEventListener('click', event => {
        const button = event.target.closest('button');
        if (button?.dataset.mark) {
            wrap(button.dataset.mark);
        } else if (button?.dataset.line) {
            prefix(button.dataset.line);
        } else if (button && 'link' in button.dataset) {
            link();
        } else if (button && 'mention' in button.dataset) {
            const from = area.selectionStart;
            put(from > 0 && /\S/.test(area.value[from - 1]) ? ' @' : '@', from, area.selectionEnd);
            offer();
        }
    });
    area.addEventListener('input', offer);
    area.addEventListener('blur', () => setTimeout(close, 150));
    list.addEventListener('mousedown', event => {
        event.preventDefault();
        const option = event.target.closest('[role=option]');
        if (option) {
            choose(option);
        }
    });
    area.addEventListener('keydown', event => {
        if (event.ctrlKey && !event.altKey && (event.key === 'b' || event.key === 'i')) {
            event.preventDefault();
            wrap(event.key === 'b' ? '**' : '*');
            return;
        }

        if (list.hidden) {
            return;
        }

        const options = [...list.children];
        const current = options.findIndex(option => option.getAttribute('aria-selected') === 'true');
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const next = (current + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % options.length;
            options.forEach((option, index) => option.setAttribute('aria-selected', String(index === next)));
        } else if (event.key === 'Enter' || event.key === 'Tab') {
            event.preventDefault();
            choose(options[current]);
        } else if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            close();
        }
    });
}
