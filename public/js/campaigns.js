// Buttons beside a description: each puts its mark at the beginning of the line the cursor is on.
for (const tools of document.querySelectorAll("[data-marks]")) {
  const area = document.getElementById(tools.dataset.marks);
  tools.addEventListener("click", ({ target }) => {
    const mark = target.closest("[data-mark]")?.dataset.mark;
    if (!mark || !area) return;
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    area.setRangeText(mark === "---" ? "---\n" : mark, start, start, "end");
    area.focus();
  });
}
// Of a deadline only what counts is shown: days, or the date.
for (const mode of document.querySelectorAll("[data-mode] select")) {
  const fields = mode.closest("[data-mode]").querySelectorAll("[data-when]");
  const show = () => fields.forEach((field) => (field.hidden = field.dataset.when !== mode.value));
  mode.addEventListener("change", show);
  show();
}
