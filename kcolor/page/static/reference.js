// A reference photograph: a photo in colour whose colours are taken where both show the same things.
import { $, ask } from "./server.js";

// Sends one for a photo; gives its key.
export async function sent(id, file) {
  const { reference } = await ask(`photos/${id}/reference`, { method: "POST", body: file }, { name: file.name });
  return reference;
}

export function draw({ id, matches }, reference) {
  $("reference").hidden = $("remove-reference").hidden = !reference;
  $("matches").hidden = !reference || matches === null;
  const places = matches === 1 ? "1 place takes its colour" : `${matches} places take their colours`;
  $("matches").textContent = matches ? `${places} from it.` : "Nothing in this photo looks enough like it: no colours are taken.";
  const address = `api/photos/${id}/reference/${reference}`;
  if (reference && $("reference").getAttribute("src") !== address) $("reference").src = address;
}
