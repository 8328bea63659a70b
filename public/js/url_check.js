// Says at once what is wrong with a pasted address, in the server's words. Without this file the server says it on sending.
for (const part of document.querySelectorAll("[data-url-check]")) {
  const input = part.querySelector("input");
  const answer = part.querySelector("[data-url-answer]");
  let asked = "";
  const ask = async () => {
    const url = input.value.trim();
    if (url === asked) return;
    asked = url;
    if (!url) return answer.replaceChildren();
    try {
      const query = new URLSearchParams({ platform: part.dataset.urlCheck, url });
      const response = await fetch(`/ugc/creator/url?${query}`, { headers: { accept: "text/html" } });
      const html = response.ok && !response.redirected ? await response.text() : "";
      if (url === asked) answer.innerHTML = html;
    } catch {
      answer.replaceChildren();
    }
  };
  input.addEventListener("change", ask);
  input.addEventListener("paste", () => requestAnimationFrame(ask));
}
