// Counts what was ticked, keeps it in this browser, and saves it as a file. Nothing is sent.
"use strict";

const one = (css) => document.querySelector(css);
const { format, book, exported } = document.body.dataset;
const pages = [...document.querySelectorAll("article")].map((article) => ({
  id: article.dataset.page,
  of: article.dataset.of,
  article,
  right: article.querySelector("input"),
  comment: article.querySelector("textarea"),
}));
const kept = `review of ${book} from ${exported}`;

function review() {
  const said = {};
  for (const { id, of, right, comment } of pages) {
    if (right.checked || comment.value.trim()) said[id] = { of, right: right.checked, comment: comment.value.trim() };
  }
  const day = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return {
    format: Number(format), book, exported,
    reviewer: { name: one("#name").value.trim(), role: one("#role").value.trim() },
    on: `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`,
    pages: said,
  };
}

function show() {
  let [ticked, comments] = [0, 0];
  for (const { article, right, comment } of pages) {
    article.classList.toggle("right", right.checked);
    article.classList.toggle("said", comment.value.trim() !== "");
    ticked += right.checked;
    comments += comment.value.trim() !== "";
  }
  one("#far").textContent = `${ticked} of ${pages.length} pages ticked, ${comments} with a comment`;
  for (const left of document.querySelectorAll(".left")) {
    const own = [...document.querySelectorAll(`#part-${left.dataset.part} article`)];
    const done = own.filter((article) => article.matches(".right, .said")).length;
    left.textContent = `${done} of ${own.length}`;
  }
}

function take(review) {
  one("#name").value = review.reviewer?.name ?? "";
  one("#role").value = review.reviewer?.role ?? "";
  for (const { id, of, right, comment } of pages) {
    const said = review.pages?.[id];
    // What has changed since wants to be read again; what was said of it stays.
    right.checked = said?.right === true && said.of === of;
    comment.value = said?.comment ?? "";
  }
  show();
}

function keep() {
  show();
  try {
    localStorage.setItem(kept, JSON.stringify(review()));
  } catch {
    // A browser that keeps nothing for files: then it is kept when it is saved.
  }
}

document.addEventListener("input", (event) => event.target.id !== "load" && keep());

one("#load").addEventListener("change", async (event) => {
  try {
    take(JSON.parse(await event.target.files[0].text()));
    keep();
  } catch {
    one("#far").textContent = "That file is no saved review.";
  }
});

one("#desk").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = JSON.stringify(review(), null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const who = one("#name").value.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  link.download = `review-${book}-${who || "mine"}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
});

try {
  const before = localStorage.getItem(kept);
  if (before) take(JSON.parse(before));
} catch {
  // See above.
}
show();
