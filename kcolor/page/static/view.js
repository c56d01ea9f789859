// The large view of one photo: before and after, points with colours, strength. Every change is sent, and the picture follows.
import * as references from "./reference.js";
import { $, CLICK, ask, photos, picture, removeSoon } from "./server.js";
import * as stage from "./stage.js";

const KEEP = "keep";
const DARK = 80; // of 255: what is darker has hardly a colour
let id = null; // of the photo that is shown
let look = null; // what is wanted: { hints, saturation, keep_tone, model, reference }
let chosen = null; // the point that is being chosen a colour for: a number of a hint, or a draft { x, y }
let shown = 0; // version of the picture that is shown
let sending = null; // a promise, as long as looks are sent
let held = 1; // the strength before a finger touched it
let dark = false; // whether the place that is chosen is
let merging = ""; // changes of the same name in a row are undone as one
let asked = 0;
let later = 0; // when a moved place is asked about
let told = () => {}; // is called with a photo that the server has changed
const unsent = new Map(); // looks that the server has not answered yet, as JSON, by id
const histories = new Map(); // { past, future } by id
const dialog = $("view");

export function open(photoId) {
  id = photoId;
  const photo = photos.get(id);
  look = unsent.has(id) ? JSON.parse(unsent.get(id)) : lookOf(photo);
  chosen = null;
  shown = 0;
  merging = "";
  $("view-name").textContent = photo.name;
  $("after").alt = `${photo.name}, in colour`;
  $("before").alt = `${photo.name}, as it was`;
  $("before").src = `api/photos/${id}/before`;
  $("after").removeAttribute("src");
  $("after").style.filter = "";
  $("busy").textContent = "";
  $("hex-error").hidden = true;
  $("download").href = `api/photos/${id}/result`;
  $("hints").href = `api/photos/${id}/hints`;
  $("facts").textContent = `${photo.width} × ${photo.height} pixels${photo.sideways ? ". It seems to lie on its side: turned upright, it would get better colours." : ""}`;
  $("stage").style.setProperty("--ratio", photo.width / photo.height);
  $("tone-row").hidden = photo.kind !== "toned";
  if (!dialog.open) {
    dialog.showModal();
    history.pushState({ view: true }, "");
  }
  stage.show(photo);
  update(photo);
  draw();
}

export function update(photo) {
  if (photo.id !== id || photo.version === shown || !photo.version) return;
  shown = photo.version;
  const next = new Image();
  next.src = picture(photo, "after");
  next.decode().then(() => {
    if (photo.id !== id || photo.version !== shown) return; // an older one
    $("after").src = next.src;
    $("after").dataset.saturation = photo.saturation;
    $("after").dataset.version = photo.version;
    preview();
    draw();
  }, () => {});
}

export function leaving(photoId) {
  if (photoId === id && dialog.open) close();
}

export function whenTold(act) {
  told = act;
}

export function setModels(names) {
  $("model").replaceChildren(...names.map((name) => new Option(name)));
  $("model-row").hidden = names.length < 2;
  if (look) $("model").value = look.model;
}

const lookOf = ({ hints, saturation, keep_tone, model, reference }) => structuredClone({ hints, saturation, keep_tone, model, reference });
const copy = () => structuredClone(look);

function close() {
  if (history.state?.view) history.back();
  else dialog.close();
}

// Changes

// What can be undone of a photo, from before a change of it.
function remember(of, before) {
  const own = histories.get(of) ?? { past: [], future: [] };
  histories.set(of, own);
  if (before) own.past.push(before);
  own.future.length = 0;
}

function change(act, name = "") {
  remember(id, !name || name !== merging ? copy() : null);
  merging = name;
  act();
  draw();
  send();
}

// Takes the colours of another photo.
export async function refer(file) {
  const of = id;
  $("busy").textContent = "The other photo is being sent …";
  try {
    const reference = await references.sent(of, file);
    if (of === id) change(() => (look.reference = reference));
    else if (photos.has(of)) referElsewhere(of, reference);
  } catch (error) {
    if (of === id) $("busy").textContent = error.message;
  }
}

// Another photo is shown by now.
function referElsewhere(of, reference) {
  const before = unsent.has(of) ? JSON.parse(unsent.get(of)) : lookOf(photos.get(of));
  remember(of, before);
  send(of, { ...structuredClone(before), reference });
}

function step(from, to) {
  const own = histories.get(id);
  if (!own?.[from].length) return;
  own[to].push(copy());
  look = own[from].pop();
  merging = "";
  chosen = null;
  draw();
  send();
}

// Resolves when all that was changed is known to the server.
export const settled = () => sending ?? Promise.resolve();

function send(of = id, wanted = look) {
  unsent.set(of, JSON.stringify(wanted));
  sending ??= sendAll().finally(() => (sending = null));
}

// One look after the other. Of each photo the last one counts, whichever photo is shown by then.
async function sendAll() {
  while (unsent.size) {
    const [of, body] = unsent.entries().next().value;
    try {
      const photo = await ask(`photos/${of}/hints`, { method: "POST", body });
      told(photo);
      if (of === id) $("busy").textContent = "";
    } catch (error) {
      if (of === id) $("busy").textContent = error.message;
    }
    if (unsent.get(of) === body) unsent.delete(of);
  }
}

// What a link brings has all changes in it, also the one that is just being sent.
export function afterSending(link, act = () => {}) {
  link.onclick = async (event) => {
    if (!sending) return void act(event);
    event.preventDefault();
    await settled();
    link.click();
  };
}

// Points

const isPoint = (hint) => "x" in hint && !hint.relative;
const place = (photo, { x, y }) => ({ x: (x + 0.5) / photo.width, y: (y + 0.5) / photo.height });
const at = () => (typeof chosen === "number" ? look.hints[chosen] : chosen);

function pixel(event) {
  const { width, height } = photos.get(id);
  const { x, y } = stage.shares(event);
  const within = (value, side) => Math.min(side - 1, Math.max(0, Math.floor(value * side)));
  return { x: within(x, width), y: within(y, height) };
}

function choose(point) {
  chosen = point;
  merging = "";
  const to = place(photos.get(id), at());
  stage.reveal(to);
  if (to.x < stage.divider()) stage.moveDivider(0); // else its colour could not be seen
  $("hex-error").hidden = true;
  draw();
  $("points").querySelector(".chosen, .draft")?.focus({ preventScroll: true }); // keys move it
  suggest();
}

function unchoose() {
  chosen = null;
  merging = "";
  draw();
}

async function suggest() {
  if (chosen === null) return;
  const number = ++asked;
  const { x, y } = at();
  $("suggestions").replaceChildren();
  $("suggestions").setAttribute("aria-busy", "true");
  try {
    const found = await ask(`photos/${id}/suggestions`, {}, { x, y });
    if (number !== asked) return;
    $("suggestions").replaceChildren(...found.map(swatch));
    dark = found.length > 0 && found.every(({ color }) => Math.max(...rgb(color)) < DARK);
    if (typeof chosen !== "number" && found.length) $("picker").value = found[0].color;
    draw();
  } catch (error) {
    if (number === asked) $("note").textContent = error.message;
  }
  $("suggestions").removeAttribute("aria-busy");
}

const rgb = (color) => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));

function swatch({ color, share }, number) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "swatch";
  button.style.background = button.dataset.color = color;
  button.title = share == null ? color : `${color}, likely to ${Math.round(100 * share)} %`;
  button.setAttribute("aria-label", `Suggestion ${number + 1}: ${button.title}`);
  button.onclick = () => setColor(color);
  return button;
}

function setColor(color, name = "") {
  $("hex-error").hidden = true;
  change(() => {
    if (typeof chosen === "number") look.hints[chosen].color = color;
    else chosen = look.hints.push({ ...chosen, color }) - 1;
  }, name && `${name} ${typeof chosen === "number" ? chosen : look.hints.length}`);
}

function removePoint() {
  if (typeof chosen === "number") change(() => (look.hints.splice(chosen, 1), (chosen = null)));
  unchoose();
}

function pointButton(hint, number) {
  const photo = photos.get(id);
  const button = document.createElement("button");
  const { x, y } = place(photo, hint);
  const draft = typeof number !== "number";
  button.type = "button";
  button.dataset.number = draft ? "draft" : number;
  button.className = `point${draft ? " draft" : ""}${hint.color === KEEP ? " keep" : ""}${number === chosen ? " chosen" : ""}`;
  button.style.left = `${100 * x}%`;
  button.style.top = `${100 * y}%`;
  if (!draft && hint.color !== KEEP) button.style.background = typeof hint.color === "string" ? hint.color : "";
  button.setAttribute("aria-label", draft ? "New place, without a colour yet" : `Place ${number + 1}, ${hint.color}. Arrow keys move it, Delete removes it`);
  button.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      chosen = number;
      removePoint();
    } else if (way) {
      const by = Math.max(1, Math.round(Math.min(photo.width, photo.height) * (event.shiftKey ? 0.05 : 0.01)));
      move(number, { x: hint.x + by * way[0], y: hint.y + by * way[1] });
      stage.reveal(place(photo, at()));
      clearTimeout(later);
      later = setTimeout(suggest, 250); // the likely colours are those of the new place
    } else return;
    event.preventDefault();
    event.stopPropagation();
    ($("points").querySelector(".chosen, .draft") ?? $("add-point")).focus();
  };
  button.onclick = (event) => (event.stopPropagation(), number !== chosen && choose(number), $("points").querySelector(".chosen, .draft")?.focus());
  button.onpointerdown = (event) => (event.stopPropagation(), event.button || grab(event, number));
  return button;
}

function move(number, { x, y }) {
  const photo = photos.get(id);
  const to = { x: Math.min(photo.width - 1, Math.max(0, x)), y: Math.min(photo.height - 1, Math.max(0, y)) };
  if (typeof number !== "number") return (Object.assign(chosen, to), draw());
  chosen = number;
  change(() => Object.assign(look.hints[number], to), `move ${number}`);
}

function grab(event, number) {
  merging = ""; // one step of undo for each drag
  const far = ([x, y]) => Math.hypot(x, y) > 4;
  stage.dragged(event, far, (now) => move(number, pixel(now)), () => choose(number));
}

// Drawing

function draw() {
  const photo = photos.get(id);
  if (!photo || !look) return;
  const points = look.hints.map((hint, number) => (isPoint(hint) ? pointButton(hint, number) : null)).filter(Boolean);
  if (chosen && typeof chosen !== "number") points.push(pointButton(chosen, chosen));
  const focused = $("points").contains(document.activeElement) && document.activeElement.dataset.number;
  $("points").replaceChildren(...points);
  if (focused) ($("points").querySelector(`[data-number="${focused}"]`) ?? $("points").querySelector(".chosen, .draft"))?.focus({ preventScroll: true });
  const own = histories.get(id);
  $("undo").disabled = !own?.past.length;
  $("redo").disabled = !own?.future.length;
  $("points-text").textContent = look.hints.length ? `${look.hints.length} set. Drag one to move it.` : `None yet. ${CLICK} a thing in the picture.`;
  $("strength").value = Math.round(100 * look.saturation);
  $("strength-value").textContent = `${Math.round(100 * look.saturation)} %`;
  $("tone").checked = look.keep_tone;
  $("model").value = look.model;
  references.draw(photo, look.reference);
  drawChooser(photo);
}

function drawChooser(photo) {
  $("chooser").hidden = chosen === null;
  if (chosen === null) return;
  const color = at().color;
  if (color && color !== KEEP && color !== $("picker").value) $("picker").value = color;
  if (document.activeElement !== $("hex")) $("hex").value = color && color !== KEEP ? color : "";
  for (const one of $("suggestions").children) one.classList.toggle("chosen", one.dataset.color === color);
  $("remove-point").textContent = typeof chosen === "number" ? "Remove this colour" : "Cancel";
  $("done").hidden = typeof chosen !== "number";
  const note = photo.notes.find(({ hint }) => hint === chosen + 1)?.note ?? "";
  const words = /does not exist/.test(note)
    ? "The photo is too light or too dark here for exactly this colour. The nearest one that is possible is shown."
    : "Other colours that you set want another one here, or the place is light and dark.";
  const faint = dark ? "This place is very dark: colours can hardly be seen here." : "";
  $("note").textContent = note ? words : color === KEEP ? "This place keeps the colour that kcolor gave it." : faint;
}

function preview() {
  const there = Number($("after").dataset.saturation || 1);
  $("after").style.filter = there > 0 && there !== look.saturation ? `saturate(${look.saturation / there})` : "";
}

function say(text) {
  $("busy").textContent = text;
  setTimeout(() => $("busy").textContent === text && ($("busy").textContent = ""), 8000);
}

function turn(by) {
  const all = [...document.querySelectorAll(".tile[data-status=done]:not(.leaving)")].map((tile) => tile.dataset.id);
  if (all.length > 1) open(all[(all.indexOf(id) + by + all.length) % all.length]);
}

$("canvas").onclick = (event) => choose(pixel(event));
$("picker").oninput = () => setColor($("picker").value, "pick");
$("picker").onchange = () => (merging = "");
// A complete code is taken while it is typed.
$("hex").oninput = () => {
  const found = /^#?([0-9a-f]{6})$/i.exec($("hex").value.trim());
  if (found) setColor(`#${found[1].toLowerCase()}`, "type");
};
$("apply").onclick = () => {
  const found = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec($("hex").value.trim());
  $("hex-error").hidden = Boolean(found);
  if (!found) return void ($("hex-error").textContent = "Write a colour as # and six digits or letters from a to f, for instance #7a5c3e.");
  const digits = found[1].toLowerCase();
  setColor(`#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`, "type");
};
// Braces: a handler that returns false would keep every other key from the field.
$("hex").onkeydown = (event) => {
  if (event.key === "Enter") $("apply").click();
};
$("keep").onclick = () => setColor(KEEP);
$("remove-point").onclick = removePoint;
$("done").onclick = unchoose;
$("add-point").onclick = () => {
  const { width, height } = photos.get(id);
  const { x, y } = stage.within(2 / 3, 1 / 3); // not where the divider's handle is
  choose({ x: Math.floor(x * width), y: Math.floor(y * height) });
  $("points").querySelector(".draft").focus();
};
$("undo").onclick = () => step("past", "future");
$("redo").onclick = () => step("future", "past");
$("strength").oninput = () => (change(() => (look.saturation = $("strength").value / 100), "strength"), preview());
$("strength").onchange = () => (merging = "");
// A finger that scrolls over it does not mean it.
$("strength").onpointerdown = () => (held = look.saturation);
$("strength").onpointercancel = () => held !== look.saturation && (change(() => (look.saturation = held), "strength"), preview());
$("tone").onchange = () => change(() => (look.keep_tone = $("tone").checked));
$("model").onchange = () => change(() => (look.model = $("model").value));
$("choose-reference").onclick = () => $("reference-file").click();
$("reference-file").onchange = () => {
  if ($("reference-file").files.length) refer($("reference-file").files[0]);
  $("reference-file").value = "";
};
$("remove-reference").onclick = () => change(() => (look.reference = ""));
afterSending($("download"), () => say("The photo is painted in full size. The download begins in a moment."));
afterSending($("hints"));
$("remove-photo").onclick = () => removeSoon([id]);
$("close").onclick = close;
$("previous").onclick = () => turn(-1);
$("next").onclick = () => turn(1);
dialog.oncancel = (event) => (event.preventDefault(), chosen === null ? close() : unchoose());
dialog.onclose = () => ((id = null), ($("busy").textContent = ""));
addEventListener("popstate", () => dialog.open && dialog.close());
// Of the window: what had the focus may have been drawn anew meanwhile.
addEventListener("keydown", (event) => {
  if (!dialog.open || event.altKey || event.target.matches?.("input[type=text]")) return;
  const ctrl = event.ctrlKey || event.metaKey;
  const way = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
  // Of a keyboard with other letters, what is written on the key in Latin ones.
  const key = (event.key.length > 1 || /[a-z]/i.test(event.key) ? event.key : event.code.replace("Key", "")).toLowerCase();
  if (ctrl && (key === "y" || (key === "z" && event.shiftKey))) step("future", "past");
  else if (ctrl && key === "z") step("past", "future");
  else if (ctrl || event.target.matches?.("input, select")) return;
  else if (event.key === "+") stage.larger();
  else if (event.key === "-") stage.smaller();
  else if (way && stage.isMagnified()) stage.look(...way);
  else if (key === "arrowleft") turn(-1);
  else if (key === "arrowright") turn(1);
  else return;
  event.preventDefault();
});
