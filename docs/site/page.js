// Moves the edge between before and after as the slider says. Without scripts it stands in the middle.
document.addEventListener("input", (event) => {
  const figure = event.target.closest(".compare");
  if (figure) figure.style.setProperty("--at", `${event.target.value}%`);
});

// What is too wide for a small screen can be scrolled with the keyboard, too. (The theme wraps tables once the page is there.)
addEventListener("load", () => {
  for (const wide of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) wide.tabIndex = 0;
});
