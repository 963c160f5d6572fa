// A card follows the hand in the browser; one message says whom it was put on.
const threshold = 5;
let stop = null;

export function watch(root, page) {
    leave();
    const aborter = new AbortController();
    stop = () => aborter.abort();
    let gesture = null;

    const clear = () => {
        root.classList.remove('drop-here');
        root.querySelectorAll('.drop-here').forEach(element => element.classList.remove('drop-here'));
    };
    const options = { signal: aborter.signal };
    root.addEventListener('pointerdown', event => {
        const card = event.target.closest('.chart-card[data-moves]');
        if (card && event.button === 0 && event.pointerType !== 'touch' && !event.target.closest('select')) {
            const box = card.getBoundingClientRect();
            gesture = { card, x: event.clientX, y: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top };
        }
    }, options);
    document.addEventListener('pointermove', event => {
        if (!gesture) {
            return;
        }

        if (!gesture.copy) {
            if (Math.abs(event.clientX - gesture.x) + Math.abs(event.clientY - gesture.y) < threshold) {
                return;
            }

            gesture.copy = gesture.card.cloneNode(true);
            gesture.copy.classList.add('ghost');
            gesture.copy.setAttribute('aria-hidden', 'true');
            root.append(gesture.copy);
            gesture.card.classList.add('moving');
        }

        event.preventDefault();
        gesture.copy.style.left = `${event.clientX - gesture.dx}px`;
        gesture.copy.style.top = `${event.clientY - gesture.dy}px`;
        const under = document.elementFromPoint(event.clientX, event.clientY);
        const card = under?.closest('.chart-card');
        clear();
        gesture.target = card && card !== gesture.card ? card : !card && root.contains(under) ? root : null;
        gesture.target?.classList.add('drop-here');
    }, options);
    const finish = async event => {
        const done = gesture;
        gesture = null;
        if (!done?.copy) {
            return;
        }

        clear();
        document.addEventListener('click', click => {
            click.preventDefault();
            click.stopPropagation();
        }, { capture: true, once: true, signal: AbortSignal.timeout(50) });
        try {
            if (event.type === 'pointerup' && done.target) {
                await page.invokeMethodAsync('DropAsync', done.card.dataset.id, done.target.dataset.id ?? '');
            }
        } finally {
            done.copy.remove();
            done.card.classList.remove('moving');
        }
    };
    document.addEventListener('pointerup', finish, options);
    document.addEventListener('pointercancel', finish, options);
    document.addEventListener('keydown', event => event.key === 'Escape' && finish(event), options);
    root.addEventListener('dragstart', event => event.preventDefault(), options);
}

export function leave() {
    stop?.();
    stop = null;
}
