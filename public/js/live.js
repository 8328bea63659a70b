// Keeps a part of the page current: data-live="/address" is fetched anew until the server says that nothing more
// will change. Without this file the link inside, which loads the page again, does the same.
const PAUSE = 1500;

for (const part of document.querySelectorAll("[data-live]")) {
  let busy = false;
  const turn = async () => {
    if (document.hidden || busy) return;
    busy = true;
    try {
      const answer = await fetch(part.dataset.live, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      part.innerHTML = await answer.text();
      if (answer.headers.get("x-live") === "over") {
        clearInterval(timer);
        location.reload();
      }
    } catch {
      // The next turn tries again; the page keeps what it last knew.
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(turn, PAUSE);
}
