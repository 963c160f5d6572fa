// The gestures of a list that the browser handles alone: moving the focus, where the scroll stood.
// The server hears of each finished gesture once. Blazor owns the rows; focus is the browser's own.
const lists = new WeakMap();
const visits = 'medcrm-list:';

export function start(root, list) {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const state = { list, controller, closing: null };
    lists.set(root, state);

    root.addEventListener('keydown', event => onKey(root, state, event), options);
    document.addEventListener('keydown', event => onDistantKey(root, state, event), options);
    root.addEventListener('click', event => onClick(root, state, event), options);
    root.addEventListener('focusout', event => onFocusOut(root, state, event), options);
    document.addEventListener('pointerdown', event => {
        if (root.querySelector('[aria-expanded=true]') && !event.target.closest('[data-anchor]')) {
            list.invokeMethodAsync('CloseMenu');
        }
    }, options);

    // A lost link is back: an editor that was left meanwhile has had no answer.
    document.addEventListener('medcrm:linked', () => state.closing?.isConnected && save(state, state.closing, 0), options);

    const phone = matchMedia('(max-width: 720px)');
    phone.addEventListener('change', () => list.invokeMethodAsync('SetPhone', phone.matches), options);
    comeBack(root, controller.signal);
    root.dataset.ready = '';
    return phone.matches;
}

export function stop(root) {
    lists.get(root)?.controller.abort();
}

export function focusEditor(root) {
    const editor = root.querySelector('[data-editor]');
    if (!editor) {
        return;
    }
    editor.focus();
    editor.closest('td').scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (editor.select && editor.type !== 'checkbox') {
        editor.select();
    }
}

export function toTop(root) {
    const area = root.querySelector('[data-scroll]');
    if (area) {
        area.scrollTop = 0;
    }
}

// The list that a record was opened from, if it was; the record becomes the one that the list will light on return.
export function trail(path, id) {
    const kept = JSON.parse(sessionStorage.getItem(visits + path) ?? 'null');
    if (!kept) {
        return null;
    }
    if (kept.id !== id || kept.done) {
        sessionStorage.setItem(visits + path, JSON.stringify({ ...kept, id, done: false }));
    }
    return kept.address;
}

function onKey(root, state, event) {
    const editor = event.target.closest('[data-editor]');
    if (editor) {
        onEditorKey(root, state, editor, event);
    }
}

// The list listens to the whole page, so that j works before anything has the focus.
function onDistantKey(root, state, event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) {
        return;
    }
    const opener = root.querySelector('[aria-expanded=true]');
    if (opener && event.key === 'Escape') {
        event.preventDefault();
        state.list.invokeMethodAsync('CloseMenu').then(() => opener.focus());
        return;
    }
    const target = event.target;
    const row = target.closest?.('[data-testid=list-row]');
    const isPick = target.matches?.('.pick input');
    if (!isPick && target.closest?.('input, textarea, select, [contenteditable], [data-anchor]')) {
        return;
    }
    if (!row && !isPick && target !== document.body && !target.matches?.('h1, main')) {
        return;
    }
    const key = event.key;
    const cell = target.closest?.('td');
    if (key === 'j' || key === 'ArrowDown') {
        move(root, row, 1);
    } else if (key === 'k' || key === 'ArrowUp') {
        move(root, row, -1);
    } else if (key === 'Escape') {
        state.list.invokeMethodAsync('Unpick');
        row?.focus();
    } else if (!row) {
        return;
    } else if (key === ' ') {
        pick(state, row, event.shiftKey);
    } else if (key === 'Enter' && !target.closest('a')) {
        row.querySelector('a.name, a.cards-item')?.click();
    } else if (key === 'F2') {
        state.list.invokeMethodAsync('EditAsync', row.dataset.id, cell?.dataset.col ?? null);
    } else if (key === 'ArrowRight' || key === 'ArrowLeft') {
        moveCell(row, cell, key === 'ArrowRight' ? 1 : -1);
    } else if (key === 'Home' && !cell) {
        move(root, null, 1);
    } else {
        return;
    }
    event.preventDefault();
}

function move(root, row, by) {
    const rows = [...root.querySelectorAll('[data-testid=list-row]')];
    const area = root.querySelector('[data-scroll]');
    if (!rows.length || !area) {
        return;
    }
    const head = area.querySelector('thead')?.offsetHeight ?? 0;
    const at = row ? rows.indexOf(row) : -1;
    const next = row ? rows[at + by] : rows.find(candidate => candidate.offsetTop + candidate.offsetHeight > area.scrollTop + head) ?? rows[0];
    if (!next) {
        return;
    }
    const target = next.matches('tr') ? next : next.querySelector('a');
    target.focus({ preventScroll: true });
    if (next.offsetTop - head < area.scrollTop) {
        area.scrollTop = next.offsetTop - head;
    } else if (next.offsetTop + next.offsetHeight > area.scrollTop + area.clientHeight) {
        area.scrollTop = next.offsetTop + next.offsetHeight - area.clientHeight;
    }
}

function moveCell(row, cell, by) {
    const cells = [...row.querySelectorAll('td[data-col]')];
    const next = cells[cell ? cells.indexOf(cell) + by : by > 0 ? 0 : -1];
    if (next) {
        next.tabIndex = -1;
        next.focus();
    } else {
        row.focus();
    }
}

function pick(state, row, range) {
    state.list.invokeMethodAsync('PickAsync', row.dataset.id, Number(row.dataset.index), range);
}

function onClick(root, state, event) {
    const row = event.target.closest('[data-testid=list-row]');
    if (!row) {
        return;
    }
    const cell = event.target.closest('td');
    if (cell?.classList.contains('pick')) {
        if (event.target.matches('input')) {
            // The server draws the box: a refused or slow pick never shows as done.
            event.preventDefault();
        }
        getSelection()?.removeAllRanges();
        pick(state, row, event.shiftKey);
        row.focus({ preventScroll: true });
        return;
    }
    const link = event.target.closest('a');
    if (link) {
        remember(root, row);
        return;
    }
    if (event.target.closest('[data-editor]') || getSelection()?.toString()) {
        return;
    }
    row.focus({ preventScroll: true });
    if (cell?.dataset.edit !== undefined) {
        state.list.invokeMethodAsync('EditAsync', row.dataset.id, cell.dataset.col);
    }
}

function valueOf(editor) {
    return editor.type === 'checkbox' ? String(editor.checked) : editor.value;
}

function onEditorKey(root, state, editor, event) {
    if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        const row = editor.closest('tr');
        state.closing = editor;
        state.list.invokeMethodAsync('CancelEdit').then(() => row.focus());
    } else if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        event.stopPropagation();
        save(state, editor, event.key === 'Enter' ? 0 : event.shiftKey ? -1 : 1);
    } else {
        event.stopPropagation();
    }
}

async function save(state, editor, next) {
    const row = editor.closest('tr');
    const id = row.dataset.id;
    const root = row.closest('.datalist');
    state.closing = editor;
    const kept = await state.list.invokeMethodAsync('SaveEditAsync', valueOf(editor), next);
    state.closing = null;
    if (kept && next === 0) {
        root.querySelector(`tr[data-id="${id}"]`)?.focus({ preventScroll: true });
    }
}

function onFocusOut(root, state, event) {
    const editor = event.target.closest?.('[data-editor]');
    if (editor && state.closing !== editor && editor.isConnected && !(event.relatedTarget && editor.closest('td').contains(event.relatedTarget))) {
        save(state, editor, 0);
    }
}

function remember(root, row) {
    const area = root.querySelector('[data-scroll]');
    sessionStorage.setItem(visits + location.pathname, JSON.stringify({ address: location.pathname + location.search, id: row.dataset.id, top: area?.scrollTop ?? 0 }));
}

// Back from a record: the same place, and the record lit for a moment.
function comeBack(root, signal) {
    const kept = JSON.parse(sessionStorage.getItem(visits + location.pathname) ?? 'null');
    if (kept?.address !== location.pathname + location.search || kept.done) {
        return;
    }
    sessionStorage.setItem(visits + location.pathname, JSON.stringify({ ...kept, done: true }));
    const until = Date.now() + 10000;
    const tick = () => {
        if (signal.aborted || Date.now() > until) {
            return;
        }
        const area = root.querySelector('[data-scroll]');
        if (area && area.scrollHeight > area.clientHeight && Math.abs(area.scrollTop - kept.top) > 2) {
            area.scrollTop = kept.top;
        }
        const row = root.querySelector(`[data-testid=list-row][data-id="${kept.id}"]`);
        if (!row) {
            requestAnimationFrame(tick);
            return;
        }
        (row.matches('tr') ? row : row.querySelector('a')).focus({ preventScroll: true });
        row.classList.add('visited');
        setTimeout(() => row.classList.remove('visited'), 2000);
    };
    tick();
}
