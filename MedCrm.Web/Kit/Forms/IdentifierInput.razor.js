// Tells the server what stands in the field at each pause, so that the check answers while somebody types.
export function watch(input, known) {
    let timer = 0;
    let told = known;
    input.addEventListener('change', () => {
        clearTimeout(timer);
        told = input.value;
    });
    const pause = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (input.value !== told) {
                input.dispatchEvent(new Event('change', { bubbles: true }));
            }
        }, 350);
    };
    input.addEventListener('input', pause);
    // What was typed before this script stood counts too.
    pause();
}
