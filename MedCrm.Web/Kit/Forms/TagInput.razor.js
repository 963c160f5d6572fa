// Typing stays in the browser; the server hears of a label once it is complete.
export function watch(root, component) {
    const input = root.querySelector('input');
    const add = () => {
        const text = input.value.trim();
        if (text) {
            input.value = '';
            component.invokeMethodAsync('AddAsync', text);
        }
    };
    input.addEventListener('keydown', event => {
        if ((event.key === 'Enter' && input.value.trim() && !event.ctrlKey) || event.key === ',' || event.key === ';') {
            event.preventDefault();
            add();
        } else if (event.key === 'Backspace' && !input.value && !event.repeat) {
            component.invokeMethodAsync('RemoveLastAsync');
        }
    });
    // A suggestion taken from the list arrives whole, with no kind of typing.
    input.addEventListener('input', event => {
        if (!event.inputType || event.inputType === 'insertReplacementText') {
            add();
        }
    });
    input.addEventListener('change', event => event.stopPropagation());
    input.addEventListener('blur', add);
    input.removeAttribute('form');
    root.addEventListener('click', event => {
        if (event.target === root) {
            input.focus();
        }
    });
}
