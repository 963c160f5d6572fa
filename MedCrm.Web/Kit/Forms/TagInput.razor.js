// Typing stays in the browser; the server hears of a label once it is complete.
export function watch(root, component) {
    const input = root.querySelector('input');
    // What the server has not answered to: said again when a lost link is back.
    const said = new Set();
    const say = text => {
        said.add(text);
        component.invokeMethodAsync('AddAsync', text).then(() => said.delete(text));
    };
    const add = () => {
        const text = input.value.trim();
        if (text) {
            input.value = '';
            say(text);
        }
    };
    const linked = () => {
        if (root.isConnected) {
            said.forEach(say);
        } else {
            document.removeEventListener('medcrm:linked', linked);
        }
    };
    document.addEventListener('medcrm:linked', linked);
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
