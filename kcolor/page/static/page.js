// The page: photos are sent, their tiles follow what the server tells. The large view is in view.js.
import { $, CLICK, SILENT, areLeaving, ask, fetched, isLeaving, of, photos, picture, remove, removeNow, removeSoon, takeBack, whenLeaving } from "./server.js";
import * as view from "./view.js";

const tiles = new Map(); // by a photo's id
const waiting = []; // files that are not sent yet, with their tiles
const PICTURES = /\.(avif|bmp|gif|heic|heif|jpe?g|png|tiff?|webp)$/i;
const AT_ONCE = 2;
let limits = { file_bytes: Infinity };
let sending = 0;
let state = "loading";
let left = 0; // when photos were removed the last time
const DOUBLE = 600; // milliseconds between two clicks of one double-click

// What the server tells

function listen() {
  const events = new EventSource(of("events"));
  const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("state", showState);
  on("photos", (all) => {
    trouble("");
    for (const photo of all) {
      if (!tiles.has(photo.id)) tiles.set(photo.id, newTile(photo.name));
      update(photo);
    }
    const lost = [...tiles.keys()].filter((id) => !all.some((photo) => photo.id === id));
    lost.forEach(forget);
    if (lost.length) trouble(`The connection was gone for too long: ${lost.length === 1 ? "a photo was" : `${lost.length} photos were`} removed. Please add them again.`);
    if (!photos.size && !waiting.length) for (const tile of document.querySelectorAll(".tile:not([data-status=sending])")) tile.remove();
    showAll();
  });
  on("photo", (photo) => (tiles.has(photo.id) ? update(photo) : photos.set(photo.id, photo)));
  on("removed", ({ id }) => forget(id));
  events.onerror = () => trouble(SILENT);
  addEventListener("pagehide", () => events.close());
}

function showState(told) {
  ({ limits, state } = told);
  const text = { loading: "The model is loading …", ready: "Ready", failed: `The model could not be loaded: ${told.reason}` };
  $("model-state").className = `pill ${state}`;
  $("model-state").lastElementChild.textContent = text[state];
  view.setModels(told.models);
  for (const id of tiles.keys()) if (photos.has(id)) update(photos.get(id));
}

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

// Tiles

function newTile(name) {
  const tile = $("tile").content.firstElementChild.cloneNode(true);
  tile.querySelector(".name").textContent = name.split("/").pop();
  tile.querySelector(".name").title = name;
  tile.querySelector(".remove").setAttribute("aria-label", `Remove ${name}`);
  $("tiles").append(tile);
  return tile;
}

function say(tile, status, text) {
  tile.dataset.status = status;
  tile.querySelector(".status").textContent = text;
  tile.querySelector(".open").disabled = status !== "done";
}

function update(photo) {
  photos.set(photo.id, photo);
  const tile = tiles.get(photo.id);
  tile.dataset.id = photo.id;
  const text = {
    waiting: state === "loading" ? "Waits for the model" : "Waiting",
    working: "Being coloured …",
    done: photo.sideways ? "Seems to lie on its side" : `Coloured. ${CLICK} to compare and change`,
    "in color": "In colour already: left alone",
    failed: capital(photo.reason || "It could not be coloured"),
  };
  say(tile, photo.status, text[photo.status]);
  tile.querySelector(".anyway").hidden = photo.status !== "in color";
  tile.querySelector(".anyway").onclick = () => ask(`photos/${photo.id}/recolor`, { method: "POST" }).catch(complain);
  tile.querySelector(".open").onclick = () => view.open(photo.id);
  tile.querySelector(".remove").onclick = (event) => leaveTile(tile, event);
  if (photo.width) show(tile.querySelector(".before"), `api/photos/${photo.id}/small-before`);
  if (photo.version) show(tile.querySelector(".after"), picture(photo, "small-after"));
  view.update(photo);
  showAll();
}

function show(image, source) {
  if (image.getAttribute("src") === source) return;
  image.onload = () => image.classList.add("there");
  image.hidden = false;
  image.src = source;
}

function capital(text) {
  const unread = "this file cannot be read as a picture. It is damaged, or no picture at all; the others are not affected";
  const plain = text.replace("not a picture that can be read (JPEG, PNG, TIFF, WebP, …), or damaged", unread);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function forget(id) {
  photos.delete(id);
  tiles.get(id)?.remove();
  tiles.delete(id);
  view.leaving(id);
  showAll();
}

// After a key press the next button of the same kind gets the focus: else a keyboard would begin at the top again.
function leaveTile(tile, event) {
  const next = tile.nextElementSibling ?? tile.previousElementSibling;
  leave([tile.dataset.id]);
  if (!event.detail) next?.querySelector(".remove").focus();
}

// Takes photos from the page. A second click right after the first was meant for the same one.
function leave(ids) {
  if (Date.now() - left < DOUBLE) return;
  left = Date.now();
  removeSoon(ids);
}

whenLeaving((ids, gone) => {
  for (const id of ids) tiles.get(id)?.classList.toggle("leaving", isLeaving(id));
  for (const id of gone ? ids : []) view.leaving(id);
  toast(gone ? `${ids.length} ${ids.length === 1 ? "photo" : "photos"} removed from this page. Your own files stay.` : "", gone);
  showAll();
});

function toast(text, canUndo = false) {
  $("toast").firstElementChild.textContent = text;
  $("take-back").hidden = !canUndo;
  $("toast").hidden = !text;
}

function showAll() {
  const all = document.querySelectorAll(".tile:not(.leaving)");
  const count = (status) => [...all].filter((tile) => tile.dataset.status === status).length;
  const parts = [[count("done"), "coloured"], [count("sending") + count("waiting") + count("working"), "to do"], [count("in color"), "in colour already"], [count("failed"), "failed"]];
  const said = parts.filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  const text = all.length ? `${all.length} ${all.length === 1 ? "photo" : "photos"}: ${said.join(", ")}` : "";
  if ($("count").textContent !== text) $("count").textContent = text;
  document.body.classList.toggle("empty", !all.length);
  $("photos").hidden = document.querySelector(".tools").hidden = !all.length;
  $("zip").setAttribute("aria-disabled", String(!count("done")));
  $("zip").textContent = count("done") > 1 ? `Download all ${count("done")}` : "Download all";
  if (!all.length) toggleSheet(false);
}

// Sending

function add(files) {
  for (const { file, name } of files) {
    const tile = newTile(name);
    tile.querySelector(".remove").onclick = () => {
      waiting.splice(0, waiting.length, ...waiting.filter((one) => one.tile !== tile));
      tile.remove();
      showAll();
    };
    if (!file) {
      say(tile, "failed", "It cannot be read");
    } else if (file.size > limits.file_bytes) {
      say(tile, "failed", `Too large: ${Math.round(file.size / 1e6)} MB. At most ${Math.round(limits.file_bytes / 1e6)} MB are taken`);
    } else {
      say(tile, "sending", "Waiting to be sent");
      waiting.push({ file, name, tile });
    }
  }
  showAll();
  sendNext();
}

function addFound(files) {
  if (!files.length) {
    toast("There are no pictures in it.");
    setTimeout(() => $("take-back").hidden && toast(""), 8000);
  }
  add(files);
}

function sendNext() {
  while (sending < AT_ONCE && waiting.length) {
    sending += 1;
    send(waiting.shift());
  }
}

function send(one) {
  const request = new XMLHttpRequest(); // fetch does not say how much is sent
  const end = () => {
    sending -= 1;
    sendNext();
    showAll();
  };
  request.open("POST", of("photos", { name: one.name }));
  request.responseType = "json";
  request.upload.onprogress = (event) => {
    one.tile.querySelector("progress").value = event.loaded / event.total;
    one.tile.querySelector(".status").textContent = "Being sent …";
  };
  request.onload = () => {
    const full = request.status === 507 && areLeaving(); // there is room once what was removed is gone
    if (full) removeNow();
    if (full || request.status === 503) {
      setTimeout(() => (waiting.unshift(one), end()), 1000);
      return;
    }
    if (request.status === 201) arrived(one.tile, request.response);
    else say(one.tile, "failed", request.response?.error || `The server answered ${request.status}`);
    end();
  };
  request.onerror = () => {
    say(one.tile, "failed", "It could not be sent: the file cannot be read, or kcolor does not answer");
    end();
  };
  if (one.tile.isConnected) request.send(one.file);
  else end();
}

function arrived(tile, photo) {
  if (!tile.isConnected) return remove(photo.id); // removed while it was sent
  tiles.get(photo.id)?.remove();
  tiles.set(photo.id, tile);
  update(photos.get(photo.id) || photo); // which of both is newer: an event may have come first
}

async function sample() {
  const blob = await (await fetched("sample.jpg")).blob();
  add([{ file: blob, name: "Deadwood.jpg" }]);
}

// Files that are chosen or dropped

const named = (file) => ({ file, name: file.webkitRelativePath || file.name });

// What cannot be read has null for a file: the others are not affected.
async function within(entry) {
  const name = entry.fullPath.slice(1);
  if (entry.isFile) return [{ file: await new Promise((found) => entry.file(found, () => found(null))), name }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((given) => reader.readEntries(given, () => given(null))); // a hundred at a time
    if (!some) found.push({ file: null, name });
    if (!some?.length) return found;
    for (const one of some) if (one.isDirectory || PICTURES.test(one.name)) found.push(...(await within(one)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map(named);
  return (await Promise.all(entries.map(within))).flat();
}

function complain(error) {
  trouble(error.message);
}

function toggleSheet(on) {
  document.body.classList.toggle("sheet", on);
  $("sheet").setAttribute("aria-pressed", String(on));
  $("print").hidden = !on;
}

for (const id of ["choose", "add"]) $(id).onclick = () => $("files").click();
$("folder").onclick = () => $("folders").click();
$("sample").onclick = () => sample().catch(complain);
$("files").onchange = $("folders").onchange = ({ target }) => {
  const folder = target.id === "folders";
  addFound([...target.files].map(named).filter(({ name }) => !folder || PICTURES.test(name)));
  target.value = "";
};
$("sheet").onclick = () => toggleSheet(!document.body.classList.contains("sheet"));
$("print").onclick = () => print();
$("clear").onclick = () => {
  waiting.length = 0;
  for (const tile of document.querySelectorAll(".tile:not([data-id])")) tile.remove(); // never sent
  removeSoon([...tiles.keys()]);
  showAll();
};
$("take-back").onclick = takeBack;
$("zip").href = of("zip");
// Braces: a handler that returns false stops what the browser does by itself, here the download.
view.afterSending($("zip"), (event) => {
  removeNow();
  if ($("zip").getAttribute("aria-disabled") === "true") return void event.preventDefault();
  toast("The photos are painted in full size. They come as one ZIP file.");
  setTimeout(() => $("take-back").hidden && toast(""), 8000);
});

let depth = 0;
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => carriesFiles(event) && document.body.classList.toggle("dragging", ++depth > 0));
addEventListener("dragleave", (event) => carriesFiles(event) && document.body.classList.toggle("dragging", --depth > 0));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  event.preventDefault();
  depth = 0;
  document.body.classList.remove("dragging");
  const files = await dropped(event.dataTransfer);
  if (!$("view").open) addFound(files);
  else if (files.length === 1 && files[0].file) view.refer(files[0].file); // on the large view: a reference
  else addFound(files);
});
view.whenTold((photo) => tiles.has(photo.id) && update(photo));
if (CLICK === "Tap") $("how-to-add").textContent = "Tap to choose them. Several at a time are fine.";
if (CLICK === "Tap") $("how").textContent = $("how").textContent.replace("Click", "Tap");
listen();
