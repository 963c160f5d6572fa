// The page is drawn at the width of a sheet and made smaller as a picture would be: a frame of no origin cannot be asked how tall it is.
const sheetWidth = 794;
const sheetHeight = 1123;

export function fit(sheet) {
    const frame = sheet.querySelector('iframe');
    const measure = () => {
        const scale = Math.min(1, sheet.clientWidth / sheetWidth);
        frame.style.width = `${sheetWidth}px`;
        frame.style.height = `${sheetHeight}px`;
        frame.style.transform = `scale(${scale})`;
        sheet.style.height = `${Math.ceil(sheetHeight * scale)}px`;
    };
    const watch = new ResizeObserver(measure);
    watch.observe(sheet);
    measure();
    return { stop: () => watch.disconnect() };
}
