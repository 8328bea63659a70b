// Starts the islands of a page once the browser is idle. The addresses stand in the document's head.
const href = (id) => document.getElementById(id).href;
const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1));

// Outer islands first; children handed to an island announce themselves before the islands inside them start.
async function start(node, module, children) {
  const tag = node.localName;
  if (tag === "leptos-island") {
    const run = module[node.dataset.component];
    children.at(-1)?.();
    if (run) await run(node);
    else console.warn(`unknown island ${node.dataset.component}`);
  }
  const holds = tag === "leptos-children";
  if (holds) children.push(node.$$on_hydrate);
  for (const child of [...node.children]) await start(child, module, children);
  if (holds) children.pop();
}

idle(async () => {
  const module = await import(href("islands-script"));
  await module.default({ module_or_path: href("islands-wasm") });
  module.hydrate();
  window.__hydrateIsland = (node, id) => module[id]?.(node);
  await start(document.body, module, []);
});
