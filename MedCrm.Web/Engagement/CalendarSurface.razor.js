// Moving, stretching and drawing spans live here; one message leaves when the hand lets go. Blazor owns the items: a copy is shown until it has answered.
const step = 15;
const threshold = 4;
let stop = null;

const snap = minutes => Math.round(minutes / step) * step;
const clock = minutes => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

export function watch(root, page, creates) {
    leave();
    const aborter = new AbortController();
    stop = () => aborter.abort();
    let gesture = null;

    const perMinute = column => column.getBoundingClientRect().height / 1440;
    const placeAt = (x, y, from) => {
        const under = document.elementsFromPoint(x, y).find(element => element.dataset?.day && root.contains(element));
        // In the view of a team each column is one person's: an item stays in theirs.
        return !under ? null : from?.dataset.owner && under.dataset.owner !== from.dataset.owner ? null : under;
    };
    const show = (copy, start, length, column) => {
        copy.style.top = `${start * perMinute(column)}px`;
        copy.style.height = `${length * perMinute(column)}px`;
        copy.style.left = '2px';
        copy.style.width = 'calc(100% - 4px)';
        copy.querySelector('.cal-hour')?.replaceChildren(`${clock(start)}–${clock(Math.min(start + length, 1439))}`);
    };

    const begin = event => {
        const item = event.target.closest('.cal-item');
        if (event.button !== 0 || event.pointerType === 'touch') {
            return;
        }

        if (item) {
            if (item.dataset.moves) {
                const column = item.closest('[data-day]');
                const stretches = event.target.closest('.cal-resize') !== null;
                gesture = { kind: stretches ? 'stretch' : 'move', item, column, x: event.clientX, y: event.clientY, grab: event.clientY - item.getBoundingClientRect().top, length: Number(item.dataset.minutes) || 30 };
            }
            return;
        }

        const column = event.target.closest('.cal-col');
        if (creates && column) {
            const start = Math.max(0, Math.min(1440 - 30, Math.floor((event.clientY - column.getBoundingClientRect().top) / perMinute(column) / 30) * 30));
            gesture = { kind: 'draw', column, x: event.clientX, y: event.clientY, start, length: 60 };
            event.preventDefault();
        }
    };

    const move = event => {
        if (!gesture) {
            return;
        }

        if (!gesture.copy) {
            if (Math.abs(event.clientX - gesture.x) + Math.abs(event.clientY - gesture.y) < threshold) {
                return;
            }

            gesture.copy = gesture.item ? gesture.item.cloneNode(true) : Object.assign(document.createElement('div'), { className: 'cal-item', innerHTML: '<span class="cal-hour"></span>' });
            gesture.copy.classList.add('ghost');
            gesture.copy.removeAttribute('data-testid');
            gesture.copy.setAttribute('aria-hidden', 'true');
            gesture.item?.classList.add('moving');
            root.classList.add('dragging');
            if (gesture.kind !== 'move') {
                gesture.column.append(gesture.copy);
            }
        }

        event.preventDefault();
        if (gesture.kind === 'move') {
            carry(event);
            return;
        }

        const start = gesture.kind === 'stretch' ? Number(gesture.item.dataset.start) : gesture.start;
        const at = (event.clientY - gesture.column.getBoundingClientRect().top) / perMinute(gesture.column);
        gesture.length = Math.max(step, Math.min(1440 - start, snap(at - start)));
        show(gesture.copy, start, gesture.length, gesture.column);
    };

    const carry = event => {
        const target = placeAt(event.clientX, event.clientY, gesture.column);
        root.querySelectorAll('.drop-here').forEach(element => element.classList.toggle('drop-here', element === target));
        gesture.target = target;
        if (!target || (target.dataset.slot === 'allday' && gesture.item.dataset.kind === 'Meeting') || (target.dataset.slot === 'time' && gesture.item.dataset.kind === 'NextAction')) {
            gesture.target = null;
            gesture.copy.remove();
            return;
        }

        if (gesture.copy.parentElement !== target) {
            target.append(gesture.copy);
        }

        if (target.dataset.slot === 'time') {
            // Something without an hour is carried by its top.
            const grab = gesture.item.dataset.start ? gesture.grab : 8;
            const start = snap((event.clientY - grab - target.getBoundingClientRect().top) / perMinute(target));
            gesture.start = Math.max(0, Math.min(1440 - step, start));
            show(gesture.copy, gesture.start, gesture.length, target);
        } else {
            gesture.copy.removeAttribute('style');
            target.classList.add('drop-here');
        }
    };

    const finish = async event => {
        const done = gesture;
        gesture = null;
        root.classList.remove('dragging');
        if (!done?.copy) {
            if (done?.kind === 'draw' && event.type === 'pointerup') {
                await page.invokeMethodAsync('CreateAsync', done.column.dataset.day, done.start, done.length);
            }
            return;
        }

        // The click that ends a drag opens nothing.
        const swallow = click => {
            click.stopPropagation();
            click.preventDefault();
        };
        document.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 0);
        root.querySelectorAll('.drop-here').forEach(element => element.classList.remove('drop-here'));
        const settle = () => {
            done.copy.remove();
            done.item?.classList.remove('moving');
        };
        if (event.type !== 'pointerup') {
            settle();
            return;
        }

        try {
            const { item } = done;
            if (done.kind === 'draw') {
                await page.invokeMethodAsync('CreateAsync', done.column.dataset.day, done.start, done.length);
            } else if (done.kind === 'stretch') {
                if (done.length !== Number(item.dataset.minutes)) {
                    await page.invokeMethodAsync('MoveAsync', item.dataset.kind, item.dataset.id, done.column.dataset.day, 'time', Number(item.dataset.start), done.length);
                }
            } else if (done.target && !(done.target === done.column && (done.target.dataset.slot !== 'time' || done.start === Number(item.dataset.start)))) {
                await page.invokeMethodAsync('MoveAsync', item.dataset.kind, item.dataset.id, done.target.dataset.day, done.target.dataset.slot, done.start ?? 0, done.length);
            }
        } finally {
            settle();
        }
    };

    const options = { signal: aborter.signal };
    root.addEventListener('pointerdown', begin, options);
    document.addEventListener('pointermove', move, options);
    document.addEventListener('pointerup', finish, options);
    document.addEventListener('pointercancel', finish, options);
    document.addEventListener('keydown', event => {
        if (event.key === 'Escape' && gesture) {
            event.stopPropagation();
            finish(event);
        }
    }, { ...options, capture: true });

    // The day begins where people work.
    const scroller = root.querySelector('.cal-scroll');
    if (scroller) {
        const column = scroller.querySelector('.cal-col');
        scroller.scrollTop = column ? perMinute(column) * 7.5 * 60 : 0;
        // Where the week is wider than the screen, it opens on today.
        const today = scroller.querySelector('.cal-dayhead.today');
        if (today && scroller.querySelectorAll('.cal-dayhead.today').length === 1) {
            scroller.scrollLeft = today.offsetLeft - scroller.querySelector('.cal-corner').offsetWidth;
        }
    }
}

export function leave() {
    stop?.();
    stop = null;
}
