// Follows a backup: data-events="/address" tells its state as HTML until it is over, and then the page is loaded again for
// the proof. Without this file the link on the page does the same.
for (const part of document.querySelectorAll("[data-events]")) {
  let stream = null;
  const open = () => {
    stream = new EventSource(part.dataset.events);
    stream.addEventListener("state", (event) => {
      part.innerHTML = JSON.parse(event.data);
    });
    stream.addEventListener("over", () => {
      stream.close();
      location.reload();
    });
  };
  // A browser keeps six connections to a site: a hidden page gives its own back.
  document.addEventListener("visibilitychange", () => {
    stream?.close();
    if (!document.hidden) open();
  });
  if (!document.hidden) open();
}
