// Keeps the bell up to date: a stream says when to look, the server draws what there is. Without this file it is drawn with the page.
const bell = document.querySelector("[data-bell]");
const details = bell.firstElementChild;
const says = bell.lastElementChild;
const STALE = 60_000;
let since = Number(bell.dataset.since);
let looked = Date.now();
let stream = null;
let timer = 0;
let due = Infinity;

// What has the focus before a redraw has it after: the same control, or the bell itself.
const mark = (element) => element && [element.dataset.testid, element.value, element.getAttribute("href")].join();
function draw(html) {
  const old = details.contains(document.activeElement) ? mark(document.activeElement) : "";
  const name = details.firstElementChild.ariaLabel;
  details.innerHTML = html;
  const summary = details.firstElementChild;
  if (old) ([...details.querySelectorAll("summary, a, button")].find((element) => mark(element) === old) ?? summary).focus();
  if (summary.ariaLabel !== name) says.textContent = summary.ariaLabel;
}

async function ask(address, body) {
  clearTimeout(timer);
  due = Infinity;
  const back = bell.querySelector("[name=back]");
  const here = back ? back.value : location.pathname;
  const answer = await fetch(address ?? `/notificaciones/campana?back=${encodeURIComponent(here)}`, {
    method: body ? "POST" : "GET",
    body,
    headers: { "x-bell": "1", accept: "text/html" },
  }).catch(() => null);
  // A session that is over says so on the next page; until then the bell keeps what it last knew.
  if (!answer?.ok || answer.redirected) return false;
  looked = Date.now();
  since = Number(answer.headers.get("x-bell-since")) || since;
  draw(await answer.text());
  return true;
}
const soon = (milliseconds) => {
  if (Date.now() + milliseconds >= due) return;
  due = Date.now() + milliseconds;
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
};

// A hidden tab listens to nothing: over HTTP/1.1 a browser has six connections for all tabs of a site.
function listen() {
  if (document.hidden || stream) return;
  stream = new EventSource(`/api/notifications/stream?since=${since}`);
  stream.addEventListener("changed", (event) => {
    const { spread, headline } = JSON.parse(event.data);
    if (headline) says.textContent = headline.title;
    soon(Math.random() * spread);
  });
  stream.addEventListener("end", hush);
}
function hush() {
  stream?.close();
  stream = null;
}
document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
addEventListener("pagehide", hush);
addEventListener("pageshow", listen);

details.addEventListener("toggle", () => {
  if (details.open && Date.now() - looked > STALE) ask();
});
details.addEventListener("click", (event) => {
  if (event.target.closest("[data-bell-refresh]")) {
    event.preventDefault();
    ask();
  }
});
details.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const body = new URLSearchParams(new FormData(form, submitter));
  if (!(await ask(submitter.getAttribute("formaction") ?? form.getAttribute("action"), body))) location.reload();
});
details.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !details.open) return;
  event.preventDefault();
  const places = [...details.querySelectorAll("summary, li a")];
  const at = places.findIndex((place) => place.closest("li, summary") === document.activeElement.closest("li, summary"));
  places[(Math.max(at, 0) + step + places.length) % places.length].focus();
});
