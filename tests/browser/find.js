// Finds what a person would press or fill in: by its words, or by a CSS selector. Null until it is there, seen and at rest.
const [what, isField, done] = arguments;
const neat = words => (words ?? '').replace(/\s+/g, ' ').trim();
const worded = one => neat(one.innerText ?? one.textContent);
// A field is called as its label says, less what stands in the field.
const labels = one => [...one.labels ?? []].map(label => neat([...label.childNodes].filter(node => !node.contains(one)).map(node => node.textContent).join(' ')));
const marks = one => ['aria-label', 'title', 'placeholder'].map(name => neat(one.getAttribute(name)));
const isCalled = one => [...marks(one), ...isField ? labels(one) : [worded(one), neat(one.value?.toString())]].includes(neat(what));
const isSeen = one => one.getClientRects().length > 0 && one.checkVisibility({ visibilityProperty: true });
const all = selector => [...document.querySelectorAll(selector)].filter(isSeen);
const selected = () => {
  try { return all(what)[0]; } catch { return undefined; } // words are seldom a selector
};
// Of several the newest: in a chat the last one. What is no button may have the words all the same; the innermost element around them is it.
const called = selector => all(selector).filter(isCalled).at(-1);
const pressed = () => called('a, button, input, label, summary, [role], [tabindex]') ?? selected() ?? called('body *');
const found = isField ? called('input, textarea, select, [contenteditable]') ?? selected() : pressed();
if (!found) {
  done(null);
} else {
  found.scrollIntoViewIfNeeded();
  const place = () => JSON.stringify(found.getBoundingClientRect());
  const before = place();
  requestAnimationFrame(() => requestAnimationFrame(() => done(found.isConnected && place() === before ? found : null)));
}
