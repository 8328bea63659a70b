// Behaviour without data, attached by data-* attributes. Every page works without this file.
const root = document.documentElement;
const all = (selector, within = document) => within.querySelectorAll(selector);
const byId = (id) => document.getElementById(id);
root.dataset.script = "";

// Copy: data-copy="text" or data-copy-from="#id"; says data-done for a moment.
async function copy(button) {
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  const text = source ? source.textContent : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.querySelector("span") ?? button;
  button.dataset.label ??= label.textContent;
  label.textContent = button.dataset.done;
  setTimeout(() => (label.textContent = button.dataset.label), 2000);
}

// Dialogs are written as <details data-dialog>; here their content moves into a modal <dialog>.
function openDialog(details) {
  let dialog = details.dialog;
  if (!dialog) {
    const panel = details.querySelector(".dialog-panel");
    dialog = details.dialog = document.createElement("dialog");
    dialog.className = "dialog-box";
    dialog.setAttribute("aria-labelledby", panel.getAttribute("aria-labelledby"));
    panel.removeAttribute("role");
    dialog.append(panel);
    details.after(dialog);
  }
  details.open = false;
  dialog.showModal();
  dialog.querySelector("[autofocus], [aria-invalid], form :is(input:not([type=hidden]), select, textarea)")?.focus();
}
for (const details of all("details[data-dialog]")) {
  details.querySelector("summary").setAttribute("aria-haspopup", "dialog");
  if (details.open) openDialog(details);
}

// Command palette: filters its own links; arrows choose, Enter goes.
const palette = byId("palette");
const found = byId("palette-found");
let places = [];
let asking;
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
function pick(item) {
  for (const place of places) place.firstElementChild.toggleAttribute("data-picked", place === item);
  item?.scrollIntoView({ block: "nearest" });
}
function filter(input) {
  const wanted = plain(input.value.trim());
  places = [...all("li", palette)];
  for (const place of places) place.hidden = place.parentElement !== found && !plain(place.textContent).includes(wanted);
  const shown = places.filter((place) => !place.hidden);
  palette.querySelector(".palette-none").hidden = shown.length > 0;
  pick(shown[0]);
}
// What the server finds stands below the sections.
async function ask(input) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const wanted = input.value.trim();
  found.replaceChildren();
  filter(input);
  if (wanted.length < 2) return;
  await new Promise((go) => setTimeout(go, 150));
  if (signal.aborted) return;
  const answer = await fetch(`${found.dataset.finds}?q=${encodeURIComponent(wanted)}`, { signal }).catch(() => null);
  const lines = answer?.ok && !answer.redirected && (await answer.text().catch(() => ""));
  if (!lines || signal.aborted) return;
  found.innerHTML = lines;
  filter(input);
}
function openPalette() {
  if (!palette || palette.open) return;
  const input = palette.querySelector("input");
  input.value = "";
  ask(input);
  palette.showModal();
  input.focus();
}
palette?.addEventListener("keydown", (event) => {
  const shown = places.filter((place) => !place.hidden);
  const at = shown.findIndex((place) => place.firstElementChild.hasAttribute("data-picked"));
  if (event.key === "Escape") {
    // A search field would keep the first Escape for itself.
    event.preventDefault();
    palette.close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    pick(shown[(at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length]);
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    shown[at]?.firstElementChild.click();
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const on = (selector) => target.closest?.(selector);
  let it;
  if ((it = on("[data-copy], [data-copy-from]"))) copy(it);
  if ((it = on("[data-dialog] > summary"))) {
    event.preventDefault();
    openDialog(it.parentElement);
  }
  if ((it = on("[data-close]"))) it.closest("dialog")?.close();
  if ((it = on("[data-dismiss]"))) it.closest(it.dataset.dismiss)?.remove();
  if (on("[data-opens=palette]") && palette) {
    event.preventDefault();
    openPalette();
  }
  if ((it = on("[data-unmask]"))) {
    const input = byId(it.dataset.unmask);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    it.setAttribute("aria-pressed", String(!shown));
    [it.textContent, it.dataset.shown] = [it.dataset.shown, it.textContent.trim()];
  }
  if (target.matches("dialog:not([data-session-left])")) target.close();
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filters]")) ask(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-autosubmit] :is(select, [type=date])")) event.target.form.requestSubmit();
});

let goUntil = 0;
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]");
  const isPlain = !isTyping && !event.metaKey && !event.ctrlKey && !event.altKey;
  if (isPlain && event.timeStamp < goUntil) {
    goUntil = 0;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
  } else if (isPlain && event.key === "g") goUntil = event.timeStamp + 1500;
  else if (isPlain && event.key === "?") byId("keys")?.showModal();
  else if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    openPalette();
  } else if (event.key === "/" && isPlain) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "Escape") {
    for (const menu of all("details[data-menu][open]")) {
      menu.open = false;
      menu.firstElementChild.focus();
    }
  }
});

// «Tu sesión está por vencer»: counts on this machine's clock from the seconds the server gave.
const ending = byId("session-end");
if (ending) {
  const read = (name) => Number(ending.dataset[name]) * 1000;
  let ends = Date.now() + read("sessionLeft");
  const clock = ending.querySelector("[data-countdown]");
  const tick = () => {
    const left = Math.max(0, ends - Date.now());
    const seconds = Math.ceil(left / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (left === 0) location.assign(ending.dataset.sessionEnded);
    else if (left <= read("sessionWarn") && !ending.open) ending.showModal();
    else if (left > read("sessionWarn") && ending.open) ending.close();
  };
  ending.addEventListener("cancel", (event) => event.preventDefault());
  ending.querySelector("[data-session-renew]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(event.target.action, { method: "POST" }).catch(() => null);
    if (!answer?.ok) return event.target.submit();
    ends = Date.now() + read("sessionLeft");
    ending.close();
  });
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}
