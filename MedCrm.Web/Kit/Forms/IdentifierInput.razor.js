// Tells the server what stands in the field at each pause, so that the check answers while somebody types.
export function watch(input) {
    let timer = 0;
    let told = input.value;
    input.addEventListener('change', () => {
        clearTimeout(timer);
        told = input.value;
    });
    input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (input.value !== told) {
                input.dispatchEvent(new Event('change', { bubbles: true }));
            }
        }, 350);
    });
}
