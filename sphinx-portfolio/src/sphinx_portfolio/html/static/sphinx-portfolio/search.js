// Corrections of Sphinx's search, on its page: it runs once the page is parsed, after this script.
{
  // Pages are highlighted that are opened from the results. Sphinx highlights the next page, whichever.
  const WORDS = "sphinx_highlight_terms"; // Sphinx's name
  const query = Search.query;
  Search.query = (text) => {
    Search.status?.setAttribute("role", "status");
    query(text);
    const words = localStorage.getItem(WORDS) ?? "";
    localStorage.removeItem(WORDS);
    for (const type of ["click", "auxclick"]) {
      Search.output?.addEventListener(type, (event) => {
        if (event.target.closest("a")) localStorage.setItem(WORDS, words);
      });
    }
  };

  // Entries whose headings Sphinx does not read, such as talks, by a word of their titles. The results
  // are those of Sphinx: page, title, anchor, description, score, file and kind; the best is the last.
  const entries = (words, results) => {
    const { docnames, filenames, titles } = Search._index;
    const found = [];
    for (const [title, , address] of globalThis.portfolioIndex ?? []) {
      if (!words || !title.toLowerCase().includes(words)) continue;
      const [page, id] = address.split("#");
      const file = docnames.findIndex((name) => [`${name}.html`, `${name}/`, name.replace(/index$/, "")].includes(page));
      const isListed = ([name, , anchor]) => name === docnames[file] && (anchor === `#${id}` || titles[file] === title);
      if (id && file >= 0 && !results.some(isListed)) {
        found.push([docnames[file], `${titles[file]} > ${title}`, `#${id}`, null, 10, filenames[file], SearchResultKind.title]);
      }
    }
    return found;
  };

  // One result for a page: its headings and entries that match, each once, or itself.
  const perform = Search._performSearch;
  if (perform) {
    Search._performSearch = (...terms) => {
      const results = perform(...terms);
      results.push(...entries(terms[0].toLowerCase().trim(), results));
      const withHeading = new Set(results.filter(([, , anchor]) => anchor).map(([page]) => page));
      const first = new Map(results.map((result) => [`${result[0]}${result[2]}`, result]).reverse());
      return results.filter((result) => {
        const [page, , anchor] = result;
        return anchor ? first.get(`${page}${anchor}`) === result : !withHeading.has(page);
      });
    };
  }

  // Snippets have spaces between blocks, and nothing of drawings and of texts to copy.
  const INLINE = "a|abbr|b|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u|wbr";
  const BLOCK = new RegExp(`<(?!/?(?:${INLINE})\\b)`, "g");
  const htmlToText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("svg, .portfolio-copy pre, .portfolio-copy-button").forEach((each) => each.remove());
    return htmlToText(page.documentElement.outerHTML.replace(BLOCK, " <"), anchor).replace(/\s+/g, " ").trim();
  };
  // Browsers read no other files from a file system.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // Results are pages and headings; Sphinx calls both pages. Other languages keep Sphinx's words.
  if (Documentation.LOCALE === "unknown") {
    const found = "Search finished, found one page matching the search query.";
    Documentation.TRANSLATIONS[found] = ["1 result", "${resultCount} results"];
    Documentation.TRANSLATIONS["Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories."] = "No results";
  }
}
