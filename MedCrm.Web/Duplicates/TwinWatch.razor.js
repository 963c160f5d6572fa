// The browser waits for a pause: the server hears once of what stands in the fields that tell two records apart.
const watched = new WeakMap();
const calm = 400;

export function watch(anchor, component, names, atOnce) {
    const form = anchor.closest('form');
    if (!form) {
        return;
    }

    const controller = new AbortController();
    watched.set(anchor, controller);
    const field = name => form.querySelector(`[data-testid="field-${name}"]`);
    const values = () => Object.fromEntries(names.map(name => [name, field(name)?.value ?? '']));
    let told = JSON.stringify(values());
    let timer = 0;

    const tell = async () => {
        const now = values();
        const text = JSON.stringify(now);
        if (controller.signal.aborted || text === told) {
            return;
        }

        told = text;
        try {
            await component.invokeMethodAsync('TypedAsync', now);
        } catch {
            // The connection is down: the next pause asks again.
            told = '';
        }
    };

    form.addEventListener('input', event => {
        if (names.some(name => event.target === field(name))) {
            clearTimeout(timer);
            timer = setTimeout(tell, calm);
        }
    }, { signal: controller.signal });

    // A name that came with the form was typed elsewhere; what was typed before this script stood counts too.
    if (atOnce && Object.values(values()).some(value => value.trim() !== '')) {
        told = '';
        timer = setTimeout(tell, calm);
    }
}

export function leave(anchor) {
    watched.get(anchor)?.abort();
}
