// What works without this script works better with it: nothing here is needed to read the site.

document.documentElement.classList.add("portfolio-scripted");

// Messages in the language of the page; those of a page without are English.
const portfolioMessages = JSON.parse(document.getElementById("portfolio-messages")?.textContent ?? "{}");
const portfolioText = (message, values = {}) =>
  (portfolioMessages[message] ?? message).replace(/{(\w+)}/g, (_, name) => values[name]);

// Screen readers read this text aloud when it changes.
const announcement = document.createElement("p");
announcement.className = "portfolio-visually-hidden portfolio-status";
announcement.setAttribute("role", "status");
(document.querySelector("main, [role=main], article") ?? document.body).append(announcement);

// A button on each text to copy.
for (const block of document.querySelectorAll(".portfolio-copy")) {
  const sources = [...block.querySelectorAll("pre, p:not(.portfolio-words)")];
  if (!sources.length) continue;
  const button = document.createElement("button");
  const label = document.createTextNode(portfolioText("Copy"));
  const what = document.createElement("span");
  // Several on a page differ in what they copy.
  const entry = block.closest(".portfolio-work") ?? block.closest("section");
  const heading = entry?.querySelector("h1, h2, h3, h4, h5, h6")?.cloneNode(true);
  heading?.querySelector(".headerlink")?.remove();
  what.className = "portfolio-visually-hidden";
  what.textContent = heading ? ` ${heading.textContent}` : "";
  button.type = "button";
  button.className = "portfolio-copy-button";
  button.append(label, what);
  const words = block.querySelector(".portfolio-words");
  if (words) words.after(button);
  else block.append(button);
  button.addEventListener("click", async () => {
    const text = sources.map((source) => source.textContent.trim()).join("\n\n");
    try {
      await navigator.clipboard.writeText(text);
      label.data = portfolioText("Copied");
    } catch {
      // Without the right to write, the text is selected, to be copied by hand.
      getSelection().setBaseAndExtent(sources[0], 0, sources.at(-1), sources.at(-1).childNodes.length);
      label.data = portfolioText("Selected");
    }
    announcement.textContent = label.data;
    setTimeout(() => { label.data = portfolioText("Copy"); announcement.textContent = ""; }, 2000);
  });
}

// The filter of talks: the topic and the words to find are in the query of the address.
const filter = document.querySelector(".portfolio-filter");
if (filter) {
  const talks = [...document.querySelectorAll(".portfolio-talk")];
  const years = new Set(talks.map((talk) => talk.closest("section")));
  const links = [...filter.querySelectorAll("a")];
  const field = document.createElement("input");
  field.type = "search";
  field.className = "portfolio-talk-search";
  field.placeholder = portfolioText("Find in talks");
  field.setAttribute("aria-label", portfolioText("Find in talks"));
  filter.after(field);
  const found = document.createElement("p");
  found.className = "portfolio-found";
  field.after(found);

  const show = () => {
    const query = new URLSearchParams(location.search);
    const asked = `#topic-${query.get("topic")}`;
    const topic = links.some((link) => link.hash === asked) ? query.get("topic") : "";
    const words = (query.get("find") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    if (document.activeElement !== field) field.value = query.get("find") ?? "";
    for (const link of links) {
      if (link.hash === (topic ? `#topic-${topic}` : "#all")) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const talk of talks) {
      const text = talk.textContent.toLowerCase();
      const isAbout = !topic || talk.classList.contains(`portfolio-topic-${topic}`);
      talk.hidden = !isAbout || !words.every((word) => text.includes(word));
    }
    for (const year of years) {
      year.hidden = !year.querySelector(".portfolio-talk:not([hidden])");
      for (const link of document.querySelectorAll(`.toc-tree a[href="#${year.id}"]`)) link.parentElement.hidden = year.hidden;
    }
    const count = talks.filter((talk) => !talk.hidden).length;
    const message = count > 1 ? "{count} talks" : count ? "1 talk" : "No talks match.";
    found.textContent = portfolioText(message, { count });
    found.hidden = count > 0;
  };
  const go = (name, value, write) => {
    const address = new URL(location);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    if (name === "topic") address.hash = "";
    history[write](null, "", address);
    show();
    announcement.textContent = found.textContent;
  };
  const topicOf = (hash) => hash.startsWith("#topic-") ? hash.slice("#topic-".length) : "";

  filter.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go("topic", topicOf(link.hash), "pushState");
  });
  field.addEventListener("input", () => go("find", field.value.trim(), "replaceState"));
  addEventListener("popstate", show);
  // An address that was copied where no scripts run.
  if (topicOf(location.hash)) go("topic", topicOf(location.hash), "replaceState");
  else show();
  // A link to a talk shows it, whatever the filter says.
  const target = document.getElementById(location.hash.slice(1));
  if (target?.closest(".portfolio-talk")?.hidden) {
    history.replaceState(null, "", location.pathname + location.hash);
    show();
    target.scrollIntoView();
  }
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
