// The browser's own calendar, opened from the button or with Alt+Down as in its native field.
export function watch(root) {
    const native = root.querySelector('.day-native');
    const show = event => {
        event.preventDefault();
        native.showPicker();
    };
    root.querySelector('.day-open').addEventListener('click', show);
    root.querySelector('.input').addEventListener('keydown', event => {
        if (event.altKey && event.key === 'ArrowDown') {
            show(event);
        }
    });
}
