const pause = 220;

export function watch(input, component, text) {
    let timer = 0;
    // What was typed before this script stood counts too.
    if (input.value) {
        component.invokeMethodAsync('SearchAsync', input.value);
    } else {
        input.value = text;
    }
    input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(() => component.invokeMethodAsync('SearchAsync', input.value), pause);
    });
}

// The search changed elsewhere: a view, the filters cleared. Whoever is typing keeps what they typed, unless it was cleared.
export function show(input, text) {
    if (input !== document.activeElement || !text) {
        input.value = text;
    }
}
