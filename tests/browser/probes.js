// What a reader would find broken on a page as it is drawn now. Each probe returns findings:
// the rule, the element as a CSS selector, and why.
globalThis.probes = (() => {
  const SLACK = 1.5; // px: browsers round
  const CONTROLS = "a[href], button, summary, select, textarea, [tabindex='0'], " +
    "input:not([type=hidden]), label[for]";

  const path = (element) => {
    const steps = [];
    for (let each = element; each && each !== document.documentElement; each = each.parentElement) {
      if (each.id) return [`#${CSS.escape(each.id)}`, ...steps].join(" > ");
      const same = [...(each.parentElement?.children ?? [])].filter((a) => a.localName === each.localName);
      const nth = same.length > 1 ? `:nth-of-type(${same.indexOf(each) + 1})` : "";
      steps.unshift(each.localName + [...each.classList].map((c) => `.${CSS.escape(c)}`).join("") + nth);
    }
    return steps.join(" > ");
  };
  const finding = (rule, element, why) => ({ rule, element: path(element), why });
  const visible = (element) => element.checkVisibility(
    { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const ancestors = function* (element) {
    for (let each = element; each && each !== document.body; each = each.parentElement) yield each;
  };
  const style = (element) => getComputedStyle(element);
  const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 40));

  // For screen readers only: drawn in a pixel.
  const unseen = (element) => [...ancestors(element)].some((each) => {
    const { width, height } = each.getBoundingClientRect();
    return style(each).overflowX !== "visible" && (width <= 1 || height <= 1);
  });
  // Put aside until it is called for: a drawer, a link to skip.
  const parked = (element, box) => (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth) &&
    [...ancestors(element)].some((each) => style(each).position === "fixed");

  // Every run of text and every control without any, where it is drawn.
  const drawn = () => {
    const boxes = [];
    const add = (element, rects, text) => {
      if (!visible(element) || unseen(element)) return;
      for (const box of rects) {
        if (box.width && box.height && !parked(element, box)) boxes.push({ element, box, text });
      }
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!/\S/.test(node.data) || node.parentElement.closest("button")) continue;
      range.selectNodeContents(node);
      add(node.parentElement, range.getClientRects(), node.data);
    }
    for (const each of document.querySelectorAll("button, input, select, textarea, img, svg:not(svg svg)")) {
      if (!each.closest("button")?.parentElement?.closest("button")) {
        add(each, [each.getBoundingClientRect()], each.getAttribute("aria-label") ?? each.localName);
      }
    }
    return boxes;
  };

  const scroll = () => {
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((each) => visible(each) &&
      each.getBoundingClientRect().right > page.clientWidth + SLACK && !parked(each, each.getBoundingClientRect()));
    const why = `the page is ${page.scrollWidth} px wide, ${page.clientWidth} fit`;
    return (wide.length ? wide.slice(-3) : [document.body]).map((each) => finding("scroll", each, why));
  };

  const cut = () => {
    const found = new Map();
    const paper = matchMedia("print").matches; // on which nothing scrolls
    for (const { element, box, text } of drawn()) {
      if (box.left < -SLACK) found.set(element, `${short(text)} begins left of the page`);
      for (const each of ancestors(element)) {
        const { overflowX, overflowY } = style(each);
        if (!paper && /auto|scroll/.test(overflowX + overflowY)) break;
        const frame = each.getBoundingClientRect();
        const clips = (overflow) => overflow !== "visible";
        if ((clips(overflowX) && (box.left < frame.left - SLACK || box.right > frame.right + SLACK)) ||
            (clips(overflowY) && (box.top + box.height * .25 < frame.top || box.bottom - box.height * .2 > frame.bottom))) {
          found.set(element, `${short(text)} is cut by ${path(each)}`);
        }
      }
    }
    return [...found].map(([element, why]) => finding("cut", element, why));
  };

  const overlap = () => {
    // What scrolls in a box of its own is seen through that box alone; glyphs fill the middle of
    // their line.
    const seen = drawn().map(({ element, box, text }) => {
      let { left, right } = box;
      let top = box.top + box.height * .25;
      let bottom = box.bottom - box.height * .2;
      for (const each of ancestors(element)) {
        const { overflowX, overflowY } = style(each);
        if (!/auto|scroll/.test(overflowX + overflowY)) continue;
        const frame = each.getBoundingClientRect();
        [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
        [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
      }
      return { element, text, left, right, top, bottom };
    }).filter((each) => each.right > each.left && each.bottom > each.top);
    seen.sort((a, b) => a.top - b.top);
    const found = [];
    seen.forEach((a, index) => {
      for (const b of seen.slice(index + 1)) {
        if (b.top >= a.bottom - SLACK) break;
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const related = a.element.contains(b.element) || b.element.contains(a.element);
        const control = a.element.closest("button, label");
        if (width > SLACK && (a.element === b.element ? a.text !== b.text : !related) &&
            !(control && control === b.element.closest("button, label"))) {
          found.push(finding("overlap", b.element, `${short(b.text)} on ${short(a.text)} of ${path(a.element)}`));
        }
      }
    });
    return found;
  };

  // Words on two lines. Code and addresses may break anywhere.
  const breaks = () => {
    const found = [];
    const range = document.createRange();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (element.closest("code, pre, script, style") || !visible(element) || unseen(element)) continue;
      for (const { 0: text, index } of node.data.matchAll(/\S+/g)) {
        if (/:\/\/|@/.test(text)) continue;
        for (const word of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
          range.setStart(node, index + word.index);
          range.setEnd(node, index + word.index + word[0].length);
          const [first, ...others] = [...range.getClientRects()].filter((box) => box.width);
          if (others.some((box) => box.top >= first.bottom - SLACK)) {
            found.push(finding("break", element, `${short(word[0])} is on two lines`));
          }
        }
      }
    }
    return found;
  };

  // The label of a bar is right above it: it begins with the bar, or spans the bar's middle.
  const labels = () => {
    const found = [];
    for (const link of document.querySelectorAll(".portfolio-timeline svg > a:has(.portfolio-label)")) {
      const bar = link.querySelector(":is(.portfolio-over, .portfolio-now, .portfolio-month)").getBoundingClientRect();
      const boxes = [...link.querySelectorAll(".portfolio-label")].map((label) => {
        const range = document.createRange(); // the box of an element has its stroke around it
        range.selectNodeContents(label);
        return range.getBoundingClientRect();
      });
      const middle = (bar.left + bar.right) / 2;
      const near = boxes.every(({ left, right }) =>
        Math.abs(left - bar.left) < SLACK || (left <= middle && right >= middle));
      const gap = bar.top - Math.max(...boxes.map((box) => box.bottom));
      if (!near || Math.abs(gap) > 8) found.push(finding("label", link, `${short(link.textContent)} is not at its bar`));
    }
    return found;
  };

  // Where a box is smaller than 24 px, an area over it may be pressed: is it as large?
  const pressable = (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    const [dx, dy] = [width, height].map((size) => size < 23.9 ? 11.9 : 0);
    return [1, -1].every((side) => element.contains(
      document.elementFromPoint((left + right) / 2 + side * dx, (top + bottom) / 2 + side * dy)));
  };

  const targets = () => {
    const small = [];
    for (const each of document.querySelectorAll(CONTROLS)) {
      const box = each.getBoundingClientRect();
      if (!visible(each) || !box.width || unseen(each) || parked(each, box) || each.closest("[inert]")) continue;
      if ((box.width >= 23.9 && box.height >= 23.9) || pressable(each)) continue;
      if (style(each).display === "inline") {
        // WCAG 2.5.8 excepts a link within a sentence: within text that is no link.
        let block = each;
        while (style(block).display.startsWith("inline")) block = block.parentElement;
        const rest = block.cloneNode(true);
        rest.querySelectorAll(CONTROLS).forEach((link) => link.remove());
        if (/[\p{L}\p{N}]/u.test(rest.textContent)) continue;
      }
      const size = `${Math.round(box.width)} × ${Math.round(box.height)}`;
      small.push(finding("target", each, `${short(each.textContent || each.ariaLabel || "")}: ${size} px`));
    }
    return small;
  };

  // By keyboard, what has the focus is seen, and nothing lies on it. A switch that is not drawn
  // is seen as its label.
  const focus = () => {
    const found = [];
    document.documentElement.style.scrollBehavior = "auto";
    for (const each of document.querySelectorAll("*")) {
      if (each.tabIndex < 0 || !each.checkVisibility({ visibilityProperty: true })) continue;
      each.focus({ focusVisible: true });
      if (document.activeElement !== each) continue;
      for (const running of each.getAnimations({ subtree: true })) running.finish();
      const seen = visible(each) ? [each] : [...each.labels ?? []].filter(visible);
      const boxes = seen.flatMap((a) => [...a.getClientRects()]).filter((box) => box.width &&
        box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight);
      const free = boxes.some((box) => {
        const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        return top && (top.contains(each) || seen.some((a) => a.contains(top)));
      });
      if (!boxes.length) found.push(finding("focus", each, "has the focus where nothing is seen"));
      else if (!free) found.push(finding("focus", each, "has the focus under something else"));
    }
    return found;
  };

  // Content that only a script would bring to light.
  const concealed = () => [...document.querySelectorAll("article *")]
    .filter((each) => [...each.childNodes].some((a) => a.nodeType === Node.TEXT_NODE && /\S/.test(a.data)))
    .filter((each) => !visible(each) && !each.closest("script, style, template, .headerlink, option, svg :is(title, desc)"))
    .map((each) => finding("concealed", each, short(each.textContent)));

  // Show the page with the styles for paper, which no protocol of all engines can ask for.
  const paper = () => {
    const print = (media) => {
      media.mediaText = media.mediaText.replace(/\bprint\b/g, "all").replace(/\bscreen\b[^,]*/g, "not all");
    };
    const visit = (sheet) => {
      for (const rule of sheet.cssRules) {
        if (rule.media) print(rule.media);
        if (rule.cssRules) visit(rule);
      }
    };
    for (const sheet of document.styleSheets) {
      print(sheet.media);
      visit(sheet);
    }
    return [];
  };

  return { breaks, concealed, cut, focus, labels, overlap, paper, scroll, targets };
})()
