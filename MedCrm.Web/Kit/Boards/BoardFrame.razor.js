// A drag lives in the browser; the server hears of it once, when a card lands.
// Blazor owns the cards: this script never moves one. It shows copies, and the real card takes over when the server has drawn the move.

const farEnough = 5;      // pixels before a press of the mouse becomes a drag
const stillEnough = 10;   // pixels a finger may tremble during a long press
const longPress = 350;    // milliseconds
const edge = 56;          // pixels from an edge where scrolling starts

const euros = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 0 });
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function watch(board, page, mayMove) {
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    const held = new Map();
    let pressed = null;
    let drag = null;
    let waiting = [];
    let lastPoint = { x: innerWidth / 2, y: innerHeight / 3 };
    let opener = null;
    const foldedKey = board.dataset.folds;

    // ---- the gesture ----

    function press(event) {
        if (drag || !mayMove || event.button !== 0 || !event.isPrimary || board.querySelector('[data-floating]')) {
            return;
        }
        const card = event.target.closest('.card[data-id]');
        if (!card || held.has(card.dataset.id) || event.target.closest('button, input, select, textarea')) {
            return;
        }
        const touch = event.pointerType === 'touch';
        pressed = { card, touch, pointerId: event.pointerId, x: event.clientX, y: event.clientY };
        if (touch) {
            pressed.timer = setTimeout(lift, longPress);
        }
    }

    function move(event) {
        if (drag) {
            if (event.pointerId === drag.pointerId) {
                drag.x = event.clientX;
                drag.y = event.clientY;
            }
            return;
        }
        if (!pressed || event.pointerId !== pressed.pointerId) {
            return;
        }
        const distance = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
        if (pressed.touch) {
            if (distance > stillEnough) {
                forgetPress();
            }
        } else if (distance > farEnough) {
            lift();
            drag.x = event.clientX;
            drag.y = event.clientY;
        }
    }

    function release(event) {
        forgetPress();
        if (drag && event.pointerId === drag.pointerId) {
            drag.x = event.clientX;
            drag.y = event.clientY;
            swallowClick();
            follow();
            drop();
        }
    }

    function forgetPress() {
        clearTimeout(pressed?.timer);
        pressed = null;
    }

    function lift() {
        const { card, pointerId, x, y, touch } = pressed;
        forgetPress();
        const box = card.getBoundingClientRect();
        const copy = copyOf(card);
        copy.setAttribute('aria-hidden', 'true');
        copy.classList.add('lift');
        freeze(copy, box);
        document.body.append(copy);
        const slot = document.createElement('div');
        slot.className = 'card ghost slot';
        slot.style.height = `${box.height}px`;
        drag = { card, id: card.dataset.id, copy, slot, box, pointerId, x, y, dx: x - box.left, dy: y - box.top, target: null, frame: 0 };
        card.classList.add('ghost');
        board.dataset.dragging = '';
        if (touch) {
            navigator.vibrate?.(12);
        }
        tick();
    }

    function tick() {
        if (!drag) {
            return;
        }
        scrollNearEdges();
        follow();
        drag.frame = requestAnimationFrame(tick);
    }

    // Where the card would land now: a zone, or a place in a column.
    function follow() {
        drag.copy.style.translate = `${drag.x - drag.dx - drag.box.left}px ${drag.y - drag.dy - drag.box.top}px`;
        const under = document.elementFromPoint(drag.x, drag.y);
        const target = under?.closest('.dropzone, .column');
        const known = target && board.contains(target) ? target : null;
        if (known !== drag.target) {
            drag.target?.classList.remove('over');
            known?.classList.add('over');
            drag.target = known;
        }
        placeSlot(known?.matches('.column:not([data-folded])') ? known : null);
    }

    function placeSlot(column) {
        const body = column?.querySelector('.column-body');
        if (!body) {
            drag.slot.remove();
            return;
        }
        if (board.dataset.ranked === undefined) {
            // The place follows from the card's fields: the slot only says that it comes here.
            if (body.contains(drag.card)) {
                drag.slot.remove();
            } else if (drag.slot.parentNode !== body) {
                body.prepend(drag.slot);
            }
            return;
        }
        const middle = drag.y - drag.dy + drag.box.height / 2;
        const cards = cardsOf(body);
        const below = cards.find(card => {
            const box = card.getBoundingClientRect();
            return box.top + box.height / 2 > middle;
        });
        if (below === drag.card || (body.contains(drag.card) && below === cards[cards.indexOf(drag.card) + 1])) {
            drag.slot.remove();
            return;
        }
        const before = below ?? body.querySelector(':scope > .column-more');
        if (drag.slot.parentNode !== body || drag.slot.nextElementSibling !== before) {
            body.insertBefore(drag.slot, before ?? null);
        }
    }

    function scrollNearEdges() {
        const box = board.getBoundingClientRect();
        board.scrollLeft += push(drag.x, box.left, box.right);
        const body = drag.target?.querySelector?.('.column-body');
        if (body) {
            const inside = body.getBoundingClientRect();
            body.scrollTop += push(drag.y, inside.top, Math.min(inside.bottom, innerHeight - 80));
        }
    }

    function push(at, start, end) {
        if (at < start + edge) {
            return -Math.ceil((start + edge - Math.max(at, start)) / 5);
        }
        return at > end - edge ? Math.ceil((Math.min(at, end) - end + edge) / 5) : 0;
    }

    function drop() {
        const { card, id, target, slot } = drag;
        lastPoint = { x: drag.x, y: drag.y };
        if (target?.matches('.dropzone')) {
            const from = drag.copy.getBoundingClientRect();
            const copy = drag.copy;
            end();
            copy.remove();
            card.classList.add('ghost');
            hold(id, { card, copy: null, from, figures: [] }, [target.dataset.stage, null, null]);
        } else if (target && (slot.isConnected || target.dataset.folded !== undefined) && !(target.dataset.folded !== undefined && target.contains(card))) {
            land(target);
        } else {
            cancel();
        }
    }

    function land(column) {
        const { card, id, slot } = drag;
        const from = drag.copy.getBoundingClientRect();
        const under = neighbour(slot, 'previousElementSibling');
        const above = neighbour(slot, 'nextElementSibling');
        const figures = card.closest('.column') === column ? [] : [...shift(card.closest('.column'), card, -1), ...shift(column, card, 1)];
        const copy = copyOf(card);
        copy.dataset.id = id;
        copy.dataset.testid = 'board-card';
        (slot.isConnected ? slot : column.querySelector('.column-body')).before(copy);
        drag.copy.remove();
        end();
        card.classList.add('away');
        delete card.dataset.id;
        delete card.dataset.testid;
        glide(copy, from, copy.getBoundingClientRect());
        hold(id, { card, copy, from: null, figures }, [column.dataset.stage, under, above]);
    }

    async function hold(id, item, [stage, under, above]) {
        held.set(id, item);
        item.unanswered = true;
        let outcome = 'refused';
        try {
            await shown();
            if (held.get(id) !== item) {
                return;
            }
            outcome = await page.invokeMethodAsync('DropAsync', id, stage, under, above);
        } finally {
            item.unanswered = false;
            // The card may be in hand again already: then the answer to the former gesture has nothing left to settle.
            if (outcome === 'done' && held.get(id) === item) {
                settle(id);
            } else if (outcome === 'refused' && held.get(id) === item) {
                giveBack(id);
            }
        }
    }

    // The eye comes first: what the server answers is drawn after the card stands in its place. A window out of sight draws nothing, hence the limit.
    function shown() {
        return new Promise(resolve => {
            const timer = setTimeout(resolve, 60);
            requestAnimationFrame(() => setTimeout(() => { clearTimeout(timer); resolve(); }));
        });
    }

    // The server has drawn the move: the copy has served.
    function settle(id) {
        const item = held.get(id);
        held.delete(id);
        item?.copy?.remove();
        item && showAgain(id, item.card);
    }

    // A lost link is back, without the answer to a drop: the card stands where the server has it, until the server draws it elsewhere.
    function linked() {
        for (const [id, item] of [...held]) {
            if (item.unanswered) {
                giveBack(id);
            }
        }
    }

    // Refused, or thought better of: the card returns to the exact place it never left.
    function giveBack(id) {
        const item = held.get(id);
        if (!item) {
            return;
        }
        held.delete(id);
        for (const figure of item.figures) {
            figure.restore();
        }
        const from = item.copy?.getBoundingClientRect() ?? item.from;
        item.copy?.remove();
        showAgain(id, item.card);
        if (item.card.isConnected) {
            returnTo(item.card, from);
        }
    }

    function showAgain(id, card) {
        card.classList.remove('away', 'ghost');
        card.dataset.id = id;
        card.dataset.testid = 'board-card';
    }

    function cancel() {
        const { card, copy } = drag;
        const from = copy.getBoundingClientRect();
        copy.remove();
        end();
        card.classList.remove('ghost');
        if (card.isConnected) {
            returnTo(card, from);
        }
    }

    function end() {
        cancelAnimationFrame(drag.frame);
        drag.slot.remove();
        drag.target?.classList.remove('over');
        drag.card.classList.remove('ghost');
        delete board.dataset.dragging;
        drag = null;
        delete board.dataset.waiting;
        for (const resolve of waiting) {
            resolve();
        }
        waiting = [];
    }

    function returnTo(card, from) {
        card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const to = card.getBoundingClientRect();
        if (calm() || !from) {
            return;
        }
        const copy = copyOf(card);
        copy.setAttribute('aria-hidden', 'true');
        copy.classList.add('lift');
        freeze(copy, to);
        document.body.append(copy);
        card.classList.add('ghost');
        copy.animate([{ translate: `${from.left - to.left}px ${from.top - to.top}px` }, { translate: '0 0', rotate: '-1.5deg' }], { duration: 160, easing: 'ease-out' })
            .finished.finally(() => {
                copy.remove();
                card.classList.remove('ghost');
            });
    }

    function glide(card, from, to) {
        if (!calm()) {
            card.animate([{ translate: `${from.left - to.left}px ${from.top - to.top}px`, zIndex: 5 }, { translate: '0 0', zIndex: 5 }], { duration: 120, easing: 'ease-out' });
        }
    }

    // ---- figures: they change together with the card, and the server's replace them ----

    function shift(column, card, sign) {
        const cents = Math.round(Number(card.dataset.amount) * 100);
        const percent = Number(card.dataset.manual || (sign < 0 ? card.dataset.probability : column.dataset.probability));
        return [
            rewrite(column, 'column-count', value => value + sign, value => [String(value), euros.format(value)]),
            rewrite(column, 'column-total', value => value + sign * cents / 100, asEuros),
            rewrite(column, 'column-weighted', value => value + sign * Math.round(cents * percent / 100) / 100, asEuros),
        ];
    }

    function asEuros(value) {
        return [value.toFixed(2), `${euros.format(value)}\u00a0€`];
    }

    function rewrite(column, name, change, write) {
        const element = column.querySelector(`[data-testid=${name}]`);
        if (!element) {
            return { restore() {} };
        }
        const [value, text] = [element.dataset.value, element.firstChild.nodeValue];
        [element.dataset.value, element.firstChild.nodeValue] = write(change(Number(value)));
        return { restore: () => { [element.dataset.value, element.firstChild.nodeValue] = [value, text]; } };
    }

    // ---- small things ----

    function cardsOf(root) {
        return [...root.querySelectorAll('.card[data-id]')];
    }

    function neighbour(node, way) {
        for (let other = node[way]; other; other = other[way]) {
            if (other !== drag.card && other.matches('.card[data-id]')) {
                return other.dataset.id;
            }
        }
        return null;
    }

    function copyOf(card) {
        const copy = card.cloneNode(true);
        copy.classList.remove('ghost', 'away');
        for (const name of ['data-id', 'data-testid', 'tabindex', 'id']) {
            copy.removeAttribute(name);
        }
        return copy;
    }

    function freeze(copy, box) {
        Object.assign(copy.style, { position: 'fixed', left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px`, margin: 0, pointerEvents: 'none' });
    }

    // Letting go over the card's own link is not a click on it.
    function swallowClick() {
        const swallow = event => {
            event.preventDefault();
            event.stopPropagation();
        };
        window.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50);
    }

    // ---- keyboard, menu, popovers ----

    function keydown(event) {
        if (event.key === 'Escape' && drag) {
            event.preventDefault();
            event.stopImmediatePropagation();
            cancel();
            return;
        }
        const floating = board.querySelector('[data-floating]');
        if (floating) {
            keydownIn(floating, event);
            return;
        }
        const card = event.target.closest?.('.card[data-id]');
        const isTitle = event.target.matches?.('.card[data-id] a');
        if (!card || (event.target !== card && !isTitle) || event.ctrlKey || event.altKey || event.metaKey) {
            return;
        }
        if (event.key === 'Enter' && !isTitle) {
            event.preventDefault();
            card.querySelector('a').click();
        } else if (event.key === 'm' || event.key === 'M') {
            event.preventDefault();
            openMenu(card, true);
        } else {
            const next = cardBeside(card, event.key);
            if (next) {
                event.preventDefault();
                next.focus();
                next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
            }
        }
    }

    function keydownIn(floating, event) {
        if (event.key === 'Escape') {
            if (!floating.querySelector('[aria-expanded=true]')) {
                event.preventDefault();
                event.stopImmediatePropagation();
                page.invokeMethodAsync('DismissAsync');
            }
            return;
        }
        const items = [...floating.querySelectorAll('[role=menuitem]')];
        const at = items.indexOf(document.activeElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
        if (items.length && to !== undefined) {
            event.preventDefault();
            items[(to + items.length) % items.length].focus();
        } else if (event.key === 'Tab') {
            const stops = [...floating.querySelectorAll('a[href], button:not([disabled]), input:not([tabindex="-1"]), select, textarea')].filter(stop => stop.offsetParent);
            const edgeStop = event.shiftKey ? stops[0] : stops.at(-1);
            if (stops.length && (document.activeElement === edgeStop || !floating.contains(document.activeElement))) {
                event.preventDefault();
                (event.shiftKey ? stops.at(-1) : stops[0]).focus();
            }
        }
    }

    function cardBeside(card, key) {
        const columns = [...board.querySelectorAll('.column:not([data-folded])')].filter(column => cardsOf(column).length > 0);
        const at = columns.indexOf(card.closest('.column'));
        const own = cardsOf(columns[at]);
        switch (key) {
            case 'ArrowDown': return own[own.indexOf(card) + 1];
            case 'ArrowUp': return own[own.indexOf(card) - 1];
            case 'Home': return own[0];
            case 'End': return own.at(-1);
            case 'ArrowLeft': return nearest(columns[at - 1], card);
            case 'ArrowRight': return nearest(columns[at + 1], card);
            default: return null;
        }
    }

    function nearest(column, card) {
        const top = card.getBoundingClientRect().top;
        return column && cardsOf(column).reduce((best, other) => Math.abs(other.getBoundingClientRect().top - top) < Math.abs(best.getBoundingClientRect().top - top) ? other : best);
    }

    function openMenu(card, onlyStages) {
        const anchor = (onlyStages ? card : card.querySelector('[data-actions]')).getBoundingClientRect();
        lastPoint = onlyStages ? { x: anchor.left + 24, y: anchor.top + 40 } : { x: anchor.left, y: anchor.bottom + 4, above: anchor.top - 4 };
        opener = card.dataset.id;
        page.invokeMethodAsync('OpenMenu', card.dataset.id, onlyStages);
    }

    function click(event) {
        const actions = event.target.closest('[data-actions]');
        const fold = event.target.closest('[data-fold]');
        if (actions) {
            openMenu(actions.closest('.card'), false);
        } else if (fold) {
            const codes = folded();
            const code = fold.closest('.column').dataset.stage;
            localStorage.setItem(foldedKey, JSON.stringify(codes.includes(code) ? codes.filter(other => other !== code) : [...codes, code]));
            foldColumns();
        }
    }

    function pressOutside(event) {
        const floating = board.querySelector('[data-floating]');
        if (floating?.matches('.menu') && !floating.contains(event.target)) {
            page.invokeMethodAsync('DismissAsync');
        }
    }

    function folded() {
        return JSON.parse(localStorage.getItem(foldedKey) ?? '[]');
    }

    function foldColumns() {
        const codes = folded();
        for (const column of board.querySelectorAll('.column')) {
            column.toggleAttribute('data-folded', codes.includes(column.dataset.stage));
            column.querySelector('[data-fold]').setAttribute('aria-expanded', String(!codes.includes(column.dataset.stage)));
        }
    }

    // A menu or a popover opens where the hand is, whole in the window, with the focus inside.
    function place(floating) {
        if (floating.dataset.placed !== undefined) {
            return;
        }
        const { width, height } = floating.getBoundingClientRect();
        const left = Math.max(8, Math.min(lastPoint.x - (floating.matches('.menu') ? 0 : width / 2), innerWidth - width - 8));
        // In the lower half it hangs from its bottom edge, so that a field which appears later still fits; a menu stands clear of its button,
        // so that a second click meets nothing.
        const low = lastPoint.y > innerHeight / 2;
        const distance = Math.max(8, Math.min(low ? innerHeight - (lastPoint.above ?? lastPoint.y) : lastPoint.y, innerHeight - height - 8));
        Object.assign(floating.style, { position: 'fixed', inset: 'auto', left: `${left}px`, [low ? 'bottom' : 'top']: `${distance}px` });
        floating.dataset.placed = '';
        floating.querySelector('[data-first], [role=menuitem], select, input, button')?.focus({ preventScroll: true });
    }

    // One card takes the tab key; the arrows do the rest.
    function keepOneTabStop() {
        const cards = cardsOf(board);
        const stops = cards.filter(card => card.tabIndex === 0);
        if (cards.length && stops.length !== 1) {
            for (const card of cards) {
                card.tabIndex = -1;
            }
            (stops[0] ?? cards[0]).tabIndex = 0;
        }
    }

    function focused(event) {
        const card = event.target.closest('.card[data-id]');
        if (card && card.tabIndex !== 0) {
            for (const other of cardsOf(board)) {
                other.tabIndex = other === card ? 0 : -1;
            }
        }
    }

    // The next cards come by themselves when the end of a column nears, once for each number of cards left: a scroll tells itself many times.
    const asked = new WeakMap();

    function scrolled(event) {
        const body = event.target;
        const more = body.matches?.('.column-body') ? body.querySelector(':scope > .column-more button:not([disabled])') : null;
        const left = more?.textContent;
        if (more && !drag && left !== asked.get(body) && body.scrollTop + body.clientHeight > body.scrollHeight - 300) {
            asked.set(body, left);
            more.click();
        }
    }

    const observer = new MutationObserver(records => {
        for (const { target } of records) {
            asked.delete(target);
        }
        const added = records.flatMap(record => [...record.addedNodes]);
        for (const [id, item] of [...held]) {
            if (item.copy && added.some(node => node !== item.copy && (node === item.card || node.dataset?.id === id))) {
                // What the server has drawn can be taken in hand again, before its answer to the gesture has come.
                settle(id);
            }
        }
        const floating = board.querySelector('[data-floating]');
        if (floating) {
            place(floating);
        }
        if (added.some(node => node.matches?.('.column'))) {
            foldColumns();
        }
        keepOneTabStop();
    });

    board.addEventListener('pointerdown', press, options);
    window.addEventListener('pointermove', move, options);
    window.addEventListener('pointerup', release, options);
    for (const name of ['pointercancel', 'blur']) {
        window.addEventListener(name, () => {
            forgetPress();
            drag && cancel();
        }, options);
    }
    window.addEventListener('pointerdown', pressOutside, options);
    document.addEventListener('medcrm:linked', linked, options);
    window.addEventListener('keydown', keydown, { ...options, capture: true });
    board.addEventListener('touchmove', event => drag && event.preventDefault(), { ...options, passive: false });
    board.addEventListener('contextmenu', event => (drag || pressed?.touch) && event.preventDefault(), options);
    board.addEventListener('dragstart', event => event.preventDefault(), options);
    board.addEventListener('click', click, options);
    board.addEventListener('focusin', focused, options);
    board.addEventListener('scroll', scrolled, { ...options, capture: true });
    observer.observe(board, { childList: true, subtree: true });
    foldColumns();
    keepOneTabStop();
    board.dataset.ready = '';

    return {
        settle,
        giveBack,
        // Resolves when no drag is under way: a refresh must not take a card from under somebody's hand.
        idle: () => drag ? new Promise(resolve => {
            waiting.push(resolve);
            board.dataset.waiting = '';
        }) : Promise.resolve(),
        focusCard(id) {
            const card = board.querySelector(`.card[data-id="${id ?? opener}"]`) ?? board.querySelector('.card[tabindex="0"]');
            card?.focus({ preventScroll: true });
            card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        },
        leave() {
            forgetPress();
            drag && cancel();
            observer.disconnect();
            leaving.abort();
        },
    };
}
