// The picture in the large view: which part of it is seen, how large, and where the line between before and after is.
import { $ } from "./server.js";

const MOST = 6; // times as large as the whole picture in the stage: the preview has no more to show
const STEP = 1.5;
const canvas = $("canvas");
let size = { width: 1, height: 1 }; // of the photo
let scale = 1;
let middle = { x: 0.5, y: 0.5 }; // what is in the middle of the stage, as shares of the picture
let seen = { left: 0, right: 1, top: 0, bottom: 1 }; // the same of the part that is seen

// Begins with another photo.
export function show(photo) {
  size = photo;
  scale = 1;
  fit();
}

export const isMagnified = () => scale > 1;

// The place of a pointer as shares of the picture; beyond its edges they are below 0 or above 1.
export function shares({ clientX, clientY }) {
  const box = canvas.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}

function fit() {
  const { clientWidth: width, clientHeight: height } = $("stage");
  if (!width || !height) return; // not shown
  const fits = scale * Math.min(width / size.width, height / size.height);
  const along = (from, side, whole) => {
    const free = whole - side;
    const start = free >= 0 ? free / 2 : Math.min(0, Math.max(free, whole / 2 - from * side));
    return { start, middle: (whole / 2 - start) / side, first: Math.max(0, -start / side), last: Math.min(1, (whole - start) / side) };
  };
  const [w, h] = [size.width * fits, size.height * fits];
  const [x, y] = [along(middle.x, w, width), along(middle.y, h, height)];
  middle = { x: x.middle, y: y.middle };
  seen = { left: x.first, right: x.last, top: y.first, bottom: y.last };
  Object.assign(canvas.style, { width: `${w}px`, height: `${h}px`, left: `${x.start}px`, top: `${y.start}px` });
  for (const [side, value] of Object.entries(seen)) canvas.style.setProperty(`--${side}`, `${100 * value}%`);
  $("stage").classList.toggle("magnified", isMagnified());
  $("smaller").disabled = scale === 1;
  $("larger").disabled = scale === MOST;
  slide();
}

// Makes the picture larger or smaller, around a place that stays where it is.
function magnify(by, around = middle) {
  const before = scale;
  scale = Math.min(MOST, Math.max(1, scale * by));
  const kept = before / scale;
  middle = { x: around.x + (middle.x - around.x) * kept, y: around.y + (middle.y - around.y) * kept };
  fit();
}

export const larger = () => magnify(STEP);
export const smaller = () => magnify(1 / STEP);

// Moves what is seen, by shares of it.
export function look(right, down) {
  middle = { x: middle.x + right * (seen.right - seen.left), y: middle.y + down * (seen.bottom - seen.top) };
  fit();
}

// A place of the part that is seen, given in shares of that, as shares of the picture.
export const within = (right, down) => ({ x: seen.left + right * (seen.right - seen.left), y: seen.top + down * (seen.bottom - seen.top) });

// Brings a place into sight.
export function reveal({ x, y }) {
  if (x >= seen.left && x <= seen.right && y >= seen.top && y <= seen.bottom) return;
  middle = { x, y };
  fit();
}

// Before and after

// Where the line is, as a share of the picture. The slider goes over the part that is seen.
export const divider = () => within(Number($("slider").value) / 100, 0).x;

function slide() {
  const value = Number($("slider").value);
  $("before").style.clipPath = `inset(0 ${100 - 100 * divider()}% 0 0)`;
  $("divider").style.left = `${100 * divider()}%`;
  $("slider").setAttribute("aria-valuetext", `${value} % before, ${100 - value} % after`);
  document.querySelector(".tag.before").classList.toggle("gone", value < 12);
  document.querySelector(".tag.after").classList.toggle("gone", value > 88);
}

export function moveDivider(value) {
  $("slider").value = value;
  slide();
}

function dragDivider(event, isFar) {
  dragged(event, isFar, (now) => moveDivider((100 * (shares(now).x - seen.left)) / (seen.right - seen.left)));
}

// Pointers

// Follows a pointer that was pressed. Once it is far enough from there, it drags, and the click that ends that is none.
export function dragged(event, isFar, act, end = () => {}) {
  let moved = false;
  const drag = (now) => {
    if (now.pointerId !== event.pointerId) return;
    moved ||= isFar([now.clientX - event.clientX, now.clientY - event.clientY]);
    if (moved) act(now);
  };
  const drop = (now) => {
    if (now.pointerId !== event.pointerId) return;
    removeEventListener("pointermove", drag);
    removeEventListener("pointerup", drop);
    removeEventListener("pointercancel", drop);
    if (!moved) return;
    const swallow = (click) => click.stopPropagation();
    addEventListener("click", swallow, true);
    setTimeout(() => (removeEventListener("click", swallow, true), end()));
  };
  addEventListener("pointermove", drag);
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);
}

function dragPicture(event) {
  let last = event;
  dragged(event, ([x, y]) => Math.hypot(x, y) > 6, (now) => {
    const [before, after] = [shares(last), shares(now)];
    last = now;
    if (fingers.size > 1) return;
    middle = { x: middle.x + before.x - after.x, y: middle.y + before.y - after.y };
    fit();
  });
}

const fingers = new Map(); // on the picture: their last events, by their numbers

// How far two fingers are from each other, and the place between them.
function span() {
  const [one, other] = fingers.values();
  const between = shares({ clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 });
  return { length: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), between };
}

function pinch(event) {
  if (!fingers.has(event.pointerId)) return;
  const before = fingers.size === 2 && span();
  fingers.set(event.pointerId, event);
  if (!before) return;
  const { length, between } = span();
  middle = { x: middle.x + before.between.x - between.x, y: middle.y + before.between.y - between.y };
  magnify(length / Math.max(1, before.length), before.between);
}

// A drag on the picture moves it if it is magnified, else the line; two fingers magnify it. (One finger that drags a whole
// picture scrolls the page.)
canvas.onpointerdown = (event) => {
  if (event.button) return;
  if (event.pointerType === "touch") fingers.set(event.pointerId, event);
  if (isMagnified()) dragPicture(event);
  else if (event.pointerType === "mouse") dragDivider(event, ([x]) => Math.abs(x) > 6);
};
addEventListener("pointermove", pinch);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => fingers.delete(event.pointerId));
$("divider").firstElementChild.onclick = (event) => event.stopPropagation();
$("divider").firstElementChild.onpointerdown = (event) => (event.stopPropagation(), event.button || dragDivider(event, () => true));
$("slider").oninput = slide;
$("larger").onclick = larger;
$("smaller").onclick = smaller;
// The wheel magnifies, unless the view is long enough to be scrolled: there only together with Ctrl, which two fingers on a
// touch pad count as.
$("stage").addEventListener("wheel", (event) => {
  if (!event.ctrlKey && $("view").scrollHeight > $("view").clientHeight) return;
  event.preventDefault();
  const by = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33);
  magnify(Math.exp(-Math.max(-100, Math.min(100, by)) / 250), shares(event));
}, { passive: false });
new ResizeObserver(fit).observe($("stage"));
