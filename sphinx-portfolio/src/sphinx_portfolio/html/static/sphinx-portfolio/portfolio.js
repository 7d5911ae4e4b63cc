// What works without this script works better with it: nothing here is needed to read the site.

// A button on each text that is there to be copied.
for (const block of document.querySelectorAll(".portfolio-copy")) {
  const text = block.querySelector("pre");
  if (!text) continue;
  const button = document.createElement("button");
  const label = document.createTextNode("Copy");
  const what = document.createElement("span");
  // Several on a page are told apart by what they copy.
  const title = block.closest(".portfolio-talk")?.querySelector("strong > a") ?? block.previousElementSibling;
  what.className = "portfolio-visually-hidden";
  what.textContent = title ? ` ${title.textContent}` : "";
  button.type = "button";
  button.className = "portfolio-copy-button";
  button.append(label, what);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      label.data = "Copied";
    } catch {
      // No right to write: the text is selected, to be copied by hand.
      getSelection().selectAllChildren(text);
      label.data = "Selected";
    }
    setTimeout(() => { label.data = "Copy"; }, 2000);
  });
  block.append(button);
}

// The filter of talks says which one is on, and how many talks it leaves.
const filter = document.querySelector(".portfolio-filter");
if (filter) {
  const status = document.createElement("p");
  status.className = "portfolio-visually-hidden";
  status.setAttribute("role", "status");
  filter.after(status);
  const update = () => {
    const target = document.getElementById(location.hash.slice(1));
    const on = target?.matches(".portfolio-key") ? location.hash : "#all";
    for (const link of filter.querySelectorAll("a")) {
      if (link.hash === on) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const shown = [...document.querySelectorAll(".portfolio-talk")].filter((talk) => talk.checkVisibility());
    status.textContent = shown.length === 1 ? "1 talk" : `${shown.length} talks`;
  };
  addEventListener("hashchange", update);
  update();
}

// With the frame of this extension, an open drawer keeps the focus; Escape closes it. The list of
// headings lies within `.main`.
for (const [id, behind] of [["__navigation", ".main"], ["__toc", ".content"]]) {
  const toggle = document.querySelector(`.portfolio-switches #${id}`);
  const page = document.querySelector(behind);
  if (!toggle || !page) continue;
  toggle.addEventListener("change", () => { page.inert = toggle.checked; });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toggle.checked) return;
    toggle.checked = false;
    page.inert = false;
    toggle.focus();
  });
}
