// Quick find: while one types, a search field lists the entries and pages whose names match. Enter
// without a choice searches all text, as without this script. "/" leads to the field.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
if (HTMLElement.prototype.showPopover) {
  const home = new URL("../../", document.currentScript.src);
  const drawer = document.getElementById("__navigation");
  const fields = [...document.querySelectorAll("form input[name=q]")];

  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const make = (name, attributes, ...children) => {
    const element = set(document.createElement(name), attributes);
    element.append(...children);
    return element;
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  let index;
  const load = () => index ??= new Promise((resolve) => {
    const script = make("script", { src: new URL("portfolio-index.js", home) });
    script.onerror = () => resolve([]);
    script.onload = () => resolve(portfolioIndex.map(([title, kind, address, names]) => (
      { title, kind, address, text: ` ${plain([title, kind, ...names].join(" "))}` })));
    document.head.append(script);
  });

  // Titles that begin with the query come first, the shortest before all, then those with words
  // that do. One or two letters have to begin a word.
  const find = (entries, query) => {
    const words = plain(query).split(/\s+/);
    const matches = ({ text }) => words.every((word) => text.includes(word.length > 2 ? word : ` ${word}`));
    const rank = ({ title }) => {
      const at = ` ${plain(title)}`.indexOf(` ${words[0]}`);
      return at < 0 ? 2 : Math.min(at, 1) || title.length / 1e4;
    };
    return entries.filter(matches).sort((one, other) => rank(one) - rank(other));
  };

  fields.forEach((field, number) => {
    const { form } = field;
    const id = `portfolio-find-${number}`;
    const list = make("div", { id, class: "portfolio-find", popover: "manual" });
    const count = make("p", { class: "portfolio-visually-hidden", "aria-live": "polite" });
    set(list, { role: "listbox", "aria-label": portfolioText("Entries") });
    form.append(list, count);
    set(field, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list" });
    set(field, { "aria-controls": id, "aria-expanded": "false" });

    const chosen = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      chosen()?.setAttribute("aria-selected", "false");
      field.removeAttribute("aria-activedescendant");
      if (!option) return;
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    };
    const isOpen = () => list.matches(":popover-open");
    const show = (open) => {
      choose();
      list.togglePopover(open);
      field.setAttribute("aria-expanded", open);
      if (!open) count.textContent = "";
    };
    // Below the field, or above it where there is more room.
    const place = () => {
      const { left, top, bottom } = form.getBoundingClientRect();
      const below = visualViewport.height - bottom;
      const isBelow = below > Math.min(top, 320);
      list.style.left = `${Math.max(8, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
      list.style.top = isBelow ? `${bottom + 8}px` : "auto";
      list.style.bottom = isBelow ? "auto" : `${innerHeight - top + 8}px`;
      list.style.maxHeight = `${(isBelow ? below : top) - 16}px`;
    };
    const update = async () => {
      const entries = await load();
      const query = field.value.trim();
      if (!query || document.activeElement !== field) return show(false);
      const found = find(entries, query);
      const all = new URL(form.action);
      all.search = new URLSearchParams(new FormData(form));
      list.replaceChildren(
        ...found.map(({ title, kind, address }) => make("a", { href: new URL(address, home) },
          make("span", {}, title), " ", make("small", {}, kind))),
        make("a", { href: all }, make("span", {}, portfolioText("Search all text for “{query}”", { query }))),
      );
      [...list.children].forEach((option, at) =>
        set(option, { id: `${id}-${at}`, role: "option", "aria-selected": "false", tabindex: "-1" }));
      show(true);
      place();
      const message = found.length === 1 ? "1 entry" : "{count} entries";
      count.textContent = portfolioText(message, { count: found.length });
    };

    field.addEventListener("focus", load);
    field.addEventListener("input", update);
    field.addEventListener("blur", () => show(false));
    field.addEventListener("keydown", async (event) => {
      const { key } = event;
      const option = chosen();
      if (event.isComposing || !["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(key)) return;
      if (!isOpen() && key === "ArrowDown") {
        await update();
        return isOpen() && choose(list.firstElementChild);
      }
      if (!isOpen() || (key === "Enter" && !option)) return;
      event.preventDefault();
      event.stopPropagation(); // Escape would close the drawer, too
      if (key === "ArrowDown") choose(option?.nextElementSibling ?? list.firstElementChild);
      else if (key === "ArrowUp") choose(option?.previousElementSibling ?? list.lastElementChild);
      else if (key === "Enter") option.click();
      else show(false);
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", () => {
      show(false);
      if (drawer?.checked) drawer.click(); // the entry may be on this page
    });
    for (const type of ["resize", "scroll"]) addEventListener(type, () => isOpen() && place(), true);
  });

  // Sphinx's own key leads to the first field, even if that is in a closed drawer.
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !fields.length) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    event.preventDefault();
    event.stopPropagation();
    const seen = fields.findLast((field) => field.checkVisibility({ visibilityProperty: true }));
    if (!seen) drawer?.click();
    (seen ?? fields[0]).focus();
  }, true);
}
