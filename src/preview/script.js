// What moves on the page. Everything that is shown is made by the server; here it is asked for, put in its place, and pressed.
"use strict";

const one = (css, within = document) => within.querySelector(css);
const all = (css, within = document) => [...within.querySelectorAll(css)];

// --- the server --------------------------------------------------------------------------------------------------------------------

async function part(name) {
  const answer = await fetch(name, { cache: "no-store" });
  return answer.ok ? answer.text() : null;
}

function ask(path, body) {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Does something in the phone, one after the other, and shows what came of it. */
let line = Promise.resolve();
function does(deed, more = {}) {
  line = line.then(async () => {
    const typing = setTimeout(() => status("typing…"), 150);
    try {
      const answer = await ask("does", { deed, ...more });
      if (answer.ok) show_phone(await answer.text(), true);
    } catch {
      live(false);
    }
    clearTimeout(typing);
    status("bot");
  });
  return line;
}

// --- the phone ---------------------------------------------------------------------------------------------------------------------

const phone = one("#phone");
let tick = null;

function status(words) {
  const status = one(".status", phone);
  if (status) status.textContent = words;
}

/** Puts the phone's new content in its place. What the reader did brings the message that changed into view; an edit of the book moves nothing. */
function show_phone(html, did) {
  const before = one(".chat", phone);
  const top = before ? before.scrollTop : 0;
  const had_focus = before && before.contains(document.activeElement);
  const old = new Map(all("[data-message]", phone).map((each) => [each.dataset.message, each.innerHTML]));
  phone.innerHTML = html;
  const chat = one(".chat", phone);
  if (chat) {
    chat.scrollTop = did && !before ? chat.scrollHeight : top;
    for (const each of all("[data-message]", chat)) {
      if (old.size && old.get(each.dataset.message) !== each.innerHTML) each.classList.add("fresh");
    }
    const newest = one("[data-newest]", chat);
    if (did) chat.lastElementChild === newest ? (chat.scrollTop = chat.scrollHeight) : newest?.scrollIntoView({ block: "nearest" });
    if (did && newest && newest.offsetHeight > chat.clientHeight) newest.scrollIntoView({ block: "start" });
    if (had_focus) newest?.focus({ preventScroll: true });
  }
  after_phone();
}

function after_phone() {
  const state = one(".chat-of", phone);
  clearTimeout(tick);
  if (state?.dataset.due) {
    const turn = Number(state.dataset.turn);
    tick = setTimeout(() => does("tick", { turn }), Number(state.dataset.due) * 1000);
  }
  const back = one('[data-deed="undo"]');
  if (back) back.disabled = !("back" in (state?.dataset ?? {}));
  const commands = one(".commands", phone);
  if (commands) commands.hidden = one("#commands").getAttribute("aria-expanded") !== "true";
  const step = one(".play .next", phone);
  if (step) step.parentElement.parentElement.scrollTop = step.offsetTop - 60;
  light();
  if (!one("#panel-walk").hidden) show_walk();
}

phone.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { token, open, say, send } = button.dataset;
  if (token) {
    button.classList.add("waits");
    does("press", { message: Number(button.closest("[data-message]").dataset.message), token });
  } else if (open) {
    does("open", { page: open });
  } else if (say) {
    commands(false);
    does("say", { words: say });
  } else if (send) {
    commands(false);
    does("send", { place: send });
  }
});

const say = one("#say");
say.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = say.elements.words.value.trim();
  say.elements.words.value = "";
  if (words) does("say", { words });
});

function commands(open) {
  one("#commands").setAttribute("aria-expanded", String(open));
  const list = one(".commands", phone);
  if (list) list.hidden = !open;
}
one("#commands").addEventListener("click", () => commands(one("#commands").getAttribute("aria-expanded") !== "true"));

// --- who reads, and what is done with the whole conversation -----------------------------------------------------------------------

const setting = one("#setting");

function chosen(form) {
  const said = Object.fromEntries(new FormData(form));
  for (const name of Object.keys(said)) said[name] = said[name] === "" ? null : said[name];
  if ("week" in said && said.week !== null) said.week = Number(said.week);
  return said;
}

setting.addEventListener("change", () => does("choose", chosen(one("#who"))));

async function play_all() {
  while (one('[data-deed="step"]', phone)) {
    await does("step");
    await new Promise((next) => setTimeout(next, 900));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-deed]");
  if (!button) return;
  const { deed } = button.dataset;
  if (deed === "play-all") play_all();
  else if (deed === "copy") copy_walk();
  else does(deed);
});
document.addEventListener("submit", (event) => event.preventDefault());

// --- the panels --------------------------------------------------------------------------------------------------------------------

const tabs = all('[role="tab"]');

function open_tab(tab) {
  for (const each of tabs) {
    const is_it = each === tab;
    each.setAttribute("aria-selected", String(is_it));
    each.tabIndex = is_it ? 0 : -1;
    one("#" + each.getAttribute("aria-controls")).hidden = !is_it;
  }
  if (tab.id === "tab-walk") show_walk();
  if (tab.id === "tab-map") {
    fit_once();
    light(); // the phone went on meanwhile
  }
}

one('[role="tablist"]').addEventListener("click", (event) => {
  const tab = event.target.closest('[role="tab"]');
  if (tab) open_tab(tab);
});
one('[role="tablist"]').addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const next = tabs[(now + step + tabs.length) % tabs.length];
  open_tab(next);
  next.focus();
});

one(".desk").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { open, play, tip } = button.dataset;
  if (open) does("open", { page: open });
  else if (play) does("play", { finding: Number(play) });
  else if (tip) does("tip", { tip });
});

// --- the problems ------------------------------------------------------------------------------------------------------------------

async function show_problems() {
  const html = await part("problems");
  if (html === null) return;
  one("#problems").innerHTML = html;
  count_problems();
}

function count_problems() {
  const found = one(".found");
  const [errors, warnings] = [Number(found.dataset.errors), Number(found.dataset.warnings)];
  const count = one("#count");
  count.textContent = errors + warnings ? String(errors + warnings) : "";
  count.className = errors ? "error" : "warning";
}

// --- the walk ----------------------------------------------------------------------------------------------------------------------

async function show_walk() {
  const html = await part("walk");
  if (html !== null) one("#recorded").innerHTML = html;
}

async function copy_walk() {
  const walk = one("#recorded pre");
  if (!walk) return;
  try {
    await navigator.clipboard.writeText(walk.textContent);
    one("#saved").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(walk);
    one("#saved").textContent = "It is marked: copy it with the keyboard.";
  }
}

one("#save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask("save", { name: one("#save").elements.name.value });
  one("#saved").textContent = await answer.text();
});

// --- the weekly calendar -----------------------------------------------------------------------------------------------------------

async function show_calendar() {
  const answer = await ask("weekly", chosen(one("#whose")));
  one("#calendar").innerHTML = await answer.text();
}
one("#whose").addEventListener("change", show_calendar);

// --- the map -----------------------------------------------------------------------------------------------------------------------

const map = one("#map");
let whole = null; // how large the drawing is
let scale = 0;
const READABLE = 0.55;

async function show_map() {
  const html = await part("map");
  if (!html) return;
  const [left, top] = [map.scrollLeft, map.scrollTop];
  map.innerHTML = html;
  for (const box of all("[data-page]", map)) box.setAttribute("href", "#phone"); // there its page is shown
  const svg = one("svg", map);
  const size = { wide: svg.viewBox.baseVal.width, high: svg.viewBox.baseVal.height };
  const is_first = !whole;
  whole = size;
  if (!is_first && scale) {
    zoom(scale);
    map.scrollTo(left, top);
  }
  light();
  find();
  fit_once();
}

function zoom(to, x = map.clientWidth / 2, y = map.clientHeight / 2) {
  const svg = one("svg", map);
  if (!svg || !whole) return;
  const from = scale || to;
  scale = Math.min(3, Math.max(0.03, to));
  svg.setAttribute("width", whole.wide * scale);
  svg.setAttribute("height", whole.high * scale);
  // The spot under the pointer stays under it.
  map.scrollLeft = ((map.scrollLeft + x) * scale) / from - x;
  map.scrollTop = ((map.scrollTop + y) * scale) / from - y;
}

function fit() {
  if (!whole || !map.clientWidth) return;
  scale = 0;
  zoom(Math.min(1, map.clientWidth / whole.wide, map.clientHeight / whole.high) * 0.98);
}

/** At first all of it, if its words can be read then; else where the reader is. */
function fit_once() {
  if (scale) return;
  fit();
  if (scale && scale < READABLE) {
    zoom(READABLE);
    to_here();
  }
}

function to_here() {
  const box = one(".here", map);
  if (!box) return;
  if (scale < READABLE) zoom(READABLE);
  const [view, place] = [map.getBoundingClientRect(), box.getBoundingClientRect()];
  map.scrollLeft += place.left + place.width / 2 - view.left - view.width / 2;
  map.scrollTop += place.top + place.height / 2 - view.top - view.height / 2;
}

/** Lights the page that the phone shows. */
function light() {
  const here = one(".chat-of", phone)?.dataset.here;
  for (const lit of all(".here, .from-here", map)) {
    lit.classList.remove("here", "from-here");
    lit.removeAttribute("aria-current");
  }
  const box = here && one(`[data-page="${CSS.escape(here)}"]`, map);
  if (!box) return;
  box.classList.add("here");
  box.setAttribute("aria-current", "page");
  for (const way of all(`path[data-from="${CSS.escape(here)}"]`, map)) way.classList.add("from-here");
  const [view, place] = [map.getBoundingClientRect(), box.getBoundingClientRect()];
  const is_seen = place.left >= view.left && place.right <= view.right && place.top >= view.top && place.bottom <= view.bottom;
  if (scale >= 0.3 && !is_seen) to_here();
}

map.addEventListener("click", (event) => {
  const box = event.target.closest("[data-page]");
  if (!box) return;
  event.preventDefault();
  if (!dragged) does("open", { page: box.dataset.page });
});

map.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) return; // else the wheel moves the map, as it moves every page
  event.preventDefault();
  const view = map.getBoundingClientRect();
  zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - view.left, event.clientY - view.top);
}, { passive: false });

let held = null;
let dragged = false;
map.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button !== 0) return; // fingers scroll by themselves
  held = { x: event.clientX, y: event.clientY, left: map.scrollLeft, top: map.scrollTop };
  dragged = false;
});
addEventListener("pointermove", (event) => {
  if (!held) return;
  const [x, y] = [event.clientX - held.x, event.clientY - held.y];
  if (Math.abs(x) + Math.abs(y) > 6) dragged = true;
  if (dragged) map.scrollTo(held.left - x, held.top - y);
});
addEventListener("pointerup", () => (held = null));
map.addEventListener("dragstart", (event) => event.preventDefault());
map.addEventListener("keydown", (event) => {
  if (event.key === "+") zoom(scale * 1.25);
  else if (event.key === "-") zoom(scale / 1.25);
  else if (event.key === "0") fit();
});

one("#panel-map").addEventListener("click", (event) => {
  const how = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (how === "in") zoom(scale * 1.25);
  else if (how === "out") zoom(scale / 1.25);
  else if (how === "fit") fit();
  else if (how === "here") to_here();
});

const search = one("#find");
function find() {
  const words = search.elements.words.value.trim().toLowerCase();
  const boxes = all("[data-page]", map);
  let hits = 0;
  for (const box of boxes) {
    const is_hit = words !== "" && (box.dataset.page.includes(words) || box.textContent.toLowerCase().includes(words));
    box.classList.toggle("hit", is_hit);
    hits += is_hit;
  }
  map.classList.toggle("searched", words !== "");
  one("#hits").textContent = words === "" ? "" : hits === 1 ? "1 page" : `${hits} pages`;
}
search.addEventListener("input", find);
search.addEventListener("submit", (event) => {
  event.preventDefault();
  const hit = one(".hit", map);
  if (hit) does("open", { page: hit.dataset.page }).then(to_here);
});

// --- what is new -------------------------------------------------------------------------------------------------------------------

const version = (css) => Number(one(css).dataset.version);
// What the page came with. It may have come before the book was read.
const known = { phone: version(".chat-of"), problems: version(".found"), book: version("#setting"), map: 0 };

function live(is_live) {
  const words = one("#live");
  words.textContent = is_live ? "Live: what you save shows here." : "The preview has ended. Start it again.";
  words.classList.toggle("off", !is_live);
}

const events = new EventSource("events");
events.addEventListener("changed", async (event) => {
  live(true);
  const now = JSON.parse(event.data);
  const is_new = (name) => now[name] !== known[name];
  const [phone_is_new, book_is_new, problems_are_new, map_is_new] = ["phone", "book", "problems", "map"].map(is_new);
  Object.assign(known, now);
  if (phone_is_new && version(".chat-of") < now.phone) {
    const html = await part("phone");
    if (html !== null) show_phone(html, false);
  }
  if (problems_are_new) show_problems();
  if (map_is_new) show_map();
  if (book_is_new) {
    part("setting").then((html) => html !== null && (setting.innerHTML = html, after_phone()));
    show_calendar();
  }
});
events.addEventListener("error", () => live(false));

// --- light and dark ----------------------------------------------------------------------------------------------------------------

const look = one("#look");
function darken(dark) {
  document.documentElement.dataset.look = dark ? "dark" : "light";
  look.setAttribute("aria-pressed", String(dark));
}
look.addEventListener("click", () => darken(look.getAttribute("aria-pressed") !== "true"));
look.setAttribute("aria-pressed", String(matchMedia("(prefers-color-scheme: dark)").matches));

one(".chat")?.scrollTo(0, one(".chat").scrollHeight);
count_problems();
after_phone();
