// Keeps a page fresh: asks whether there is news, and puts the new <main> in place of the old one.
"use strict";
const EVERY = 2000;
const PAUSE = 250;
let version = document.querySelector("meta[name=version]")?.content ?? "";
let asking = null;
let failures = 0;

async function look(address = location.href, always = false) {
  asking?.abort();
  const own = (asking = new AbortController());
  try {
    const headers = always ? {} : { "If-None-Match": version };
    const answer = await fetch(address, { headers, cache: "no-store", signal: own.signal });
    failures = 0;
    if (answer.ok) {
      version = answer.headers.get("ETag") ?? "";
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    failures += 1;
  } finally {
    if (asking === own) asking = null;
    warn();
  }
}

function warn() {
  document.getElementById("lost").hidden = failures < 2;
}

function swap(page) {
  const old = document.querySelector("main");
  const fresh = document.adoptNode(page.querySelector("main"));
  const focus = document.activeElement;
  const place = focus && old.contains(focus) ? mark(focus) : null;
  const typed = focus?.id === "filter" ? [focus.value, focus.selectionStart, focus.selectionEnd] : null;
  const open = new Set([...old.querySelectorAll("details[open]")].map(mark));
  const ticked = new Set([...old.querySelectorAll("input:checked")].map(mark));
  const scrolled = [...old.querySelectorAll(".wide")].map((e) => [mark(e), e.scrollLeft]);
  keepFigures(old, fresh);
  old.replaceWith(fresh);
  document.title = page.title;
  for (const each of fresh.querySelectorAll("details")) each.open ||= open.has(mark(each));
  for (const each of fresh.querySelectorAll("input[type=checkbox]")) each.checked = ticked.has(mark(each));
  for (const [name, left] of scrolled) if (left) find(fresh, name)?.scrollTo({ left });
  const again = place && find(fresh, place);
  if (typed && again) {
    again.value = typed[0];
    again.setSelectionRange(typed[1], typed[2]);
  }
  again?.focus({ preventScroll: true });
  draw();
}

// What an element is called on both pages: its id, or its kind and place among its kind.
function mark(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const kind = element.dataset.mark ? `[data-mark="${CSS.escape(element.dataset.mark)}"]` : element.localName;
  return `${kind}|${[...document.querySelectorAll(`main ${kind}`)].indexOf(element)}`;
}

function find(main, name) {
  const [kind, place] = name.split("|");
  return place === undefined || kind.startsWith("[") ? main.querySelector(kind) : main.querySelectorAll(kind)[place];
}

function keepFigures(old, fresh) {
  for (const figure of fresh.querySelectorAll("[data-figure]")) {
    const known = old.querySelector(`#${CSS.escape(figure.id)}`);
    if (known?.dataset.figure === figure.dataset.figure) figure.replaceWith(known);
  }
}

function draw() {
  for (const figure of document.querySelectorAll("[data-figure]:not([data-drawn])")) {
    const { data, layout, config } = JSON.parse(figure.dataset.figure);
    figure.dataset.drawn = "";
    Plotly.newPlot(figure, data, layout, config);
  }
}

function address(form) {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "");
}

let waiting = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    history.replaceState(null, "", address(form));
    look(location.href, true);
  }, PAUSE);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]")) return;
  event.preventDefault();
  clearTimeout(waiting);
  history.replaceState(null, "", address(event.target));
  look(location.href, true);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-live]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  look(location.href, true);
});
window.addEventListener("popstate", () => look(location.href, true));
document.addEventListener("visibilitychange", () => document.hidden || asking || look());
setInterval(() => document.hidden || asking || look(), EVERY);
draw();
