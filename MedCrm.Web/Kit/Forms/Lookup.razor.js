// Typing, pauses and the highlighted line live here; the server is asked once per pause and told once per choice.
const pause = 180;

export function watch(root, component, shown) {
    const input = root.querySelector('input');
    let timer = 0;
    let typed = false;
    let unanswered = null;

    const list = () => root.querySelector('[role=listbox]');
    const options = () => [...root.querySelectorAll('[role=option]')];
    const marked = () => root.querySelector('[role=option][aria-selected=true]');
    const mark = option => {
        marked()?.removeAttribute('aria-selected');
        option?.setAttribute('aria-selected', 'true');
        option?.scrollIntoView({ block: 'nearest' });
    };
    const search = () => {
        clearTimeout(timer);
        timer = 0;
        component.invokeMethodAsync('SearchAsync', typed ? input.value : '');
    };
    // With the text that was left unchosen; none when nothing was typed, or when it was given up.
    const leave = givenUp => {
        clearTimeout(timer);
        timer = 0;
        if (typed || list()) {
            const left = typed && givenUp !== true ? input.value.trim() : null;
            typed = false;
            tell(left);
        }
    };
    const tell = left => {
        const call = unanswered = { left };
        component.invokeMethodAsync('LeaveAsync', left).then(() => unanswered = unanswered === call ? null : unanswered);
    };
    // What the server has not answered to is said again when a lost link is back.
    const linked = () => {
        if (!root.isConnected) {
            document.removeEventListener('medcrm:linked', linked);
        } else if (typed && document.activeElement === input) {
            search();
        } else if (unanswered) {
            tell(unanswered.left);
        }
    };
    document.addEventListener('medcrm:linked', linked);

    new MutationObserver(() => {
        if (list() && !marked()) {
            mark(options()[0]);
        }
    }).observe(root, { childList: true, subtree: true });

    input.addEventListener('input', () => {
        typed = true;
        clearTimeout(timer);
        timer = setTimeout(search, pause);
    });
    input.addEventListener('click', () => {
        if (!list()) {
            input.select();
            search();
        }
    });
    input.addEventListener('keydown', event => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (!list()) {
                search();
                return;
            }
            const all = options();
            const at = all.indexOf(marked());
            mark(all[Math.max(0, Math.min(all.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]);
        } else if (event.key === 'Enter' && !event.ctrlKey && (timer || list())) {
            event.preventDefault();
            if (timer) {
                search();
            } else {
                marked()?.click();
            }
        } else if (event.key === 'Escape' && (typed || list())) {
            event.preventDefault();
            event.stopPropagation();
            leave(true);
        }
    });
    // Choosing with the mouse must not count as leaving the field.
    root.addEventListener('mousedown', event => {
        if (event.target.closest('.lookup-list')) {
            event.preventDefault();
        }
    });
    root.addEventListener('click', event => {
        if (event.target.closest('[role=option]')) {
            typed = false;
        }
    });
    input.addEventListener('blur', () => leave());

    // What was typed before this script stood counts too.
    input.removeAttribute('form');
    if (input.value !== shown) {
        typed = true;
        if (document.activeElement === input) {
            search();
        } else {
            leave();
        }
    }
}

export function show(root, text) {
    const input = root.querySelector('input');
    if (input && input.value !== text) {
        input.value = text;
    }
}
