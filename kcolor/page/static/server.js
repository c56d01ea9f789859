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

export const remove = (id) => ask(`photos/${id}`, { method: "DELETE" }).catch(() => {}); // an event says that it is gone
