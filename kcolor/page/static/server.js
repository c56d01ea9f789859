// What the page and its large view share: what is known of the photos, and how the server is asked.
export const $ = (id) => document.getElementById(id);
export const photos = new Map(); // what the server says of each photo, by its id

const tab = (sessionStorage.tab ??= crypto.getRandomValues(new Uint32Array(4)).join("-")); // of this page; it survives a reload
export const of = (path, query = {}) => `api/${path}?${new URLSearchParams({ tab, ...query })}`;
export const picture = (photo, name) => `api/photos/${photo.id}/${name}?v=${photo.version}`;

export const SILENT = "kcolor does not answer. If it was ended, start it again with “kcolor serve”, and open the address that it prints.";

export async function fetched(address, options = {}) {
  const response = await fetch(address, options).catch(() => null);
  if (!response) throw new Error(SILENT);
  return response;
}

export async function ask(path, options = {}, query = {}) {
  const response = await fetched(of(path, query), options);
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(content.error || `The server answered ${response.status}`);
  return content;
}

export const CLICK = matchMedia("(pointer: coarse)").matches ? "Tap" : "Click";

export const remove = (id) => ask(`photos/${id}`, { method: "DELETE" }).catch(() => {}); // an event says that it is gone

// Photos are removed after a while in which it can be taken back.
const PATIENCE = 8000;
const leaving = new Set(); // ids
let timer = 0;
let hide = () => {};

export const areLeaving = () => leaving.size > 0;
export const isLeaving = (id) => leaving.has(id);
export const whenLeaving = (act) => (hide = act); // is called with what leaves, and whether it does

export function removeSoon(ids) {
  removeNow();
  for (const id of ids) leaving.add(id);
  hide([...leaving], true);
  timer = setTimeout(removeNow, PATIENCE);
}

// One request, however many they are: a browser that closes a page sends only a few.
export function removeNow(options = {}) {
  clearTimeout(timer);
  const ids = [...leaving];
  if (ids.length) ask("photos", { method: "DELETE", body: JSON.stringify(ids), ...options }).catch(() => {}); // events say what is gone
  hide(ids, false);
  leaving.clear();
}

export function takeBack() {
  clearTimeout(timer);
  const back = [...leaving];
  leaving.clear();
  hide(back, false);
}

addEventListener("pagehide", () => removeNow({ keepalive: true }));
