// Runs the labs of a page again with the reader's values, or with the reader's version of the code.
// Nothing is loaded before a reader changes a value, presses Run, or opens an address with values.

{
  const LIMIT = 5000; // milliseconds
  const SVG = "http://www.w3.org/2000/svg";
  // As in drawing.py: what is not in these lists is left out.
  const ELEMENTS = new Set([
    "svg", "g", "title", "desc", "line", "polyline", "polygon", "path", "rect", "circle", "ellipse",
    "text", "tspan",
  ]);
  const NUMBER = /^-?[0-9.]+(e-?[0-9]+)?$/;
  const COLOR = /^(none|currentColor|transparent|var\(--portfolio-[a-z]+(, (currentColor|transparent))?\))$/;
  const LIST = /^[-0-9., e]*$/;
  const ATTRIBUTES = {
    __proto__: null,
    ...Object.fromEntries([
      "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "width", "height",
      "stroke-width", "opacity", "fill-opacity", "stroke-opacity",
    ].map((name) => [name, NUMBER])),
    fill: COLOR,
    stroke: COLOR,
    points: LIST,
    viewBox: LIST,
    "stroke-dasharray": LIST,
    d: /^[-0-9., eMmLlHhVvCcSsQqTtAaZz]*$/,
    "text-anchor": /^(start|middle|end)$/,
    "font-weight": /^(normal|bold)$/,
    transform: /^(translate|rotate|scale)\([-0-9., e]+\)$/,
    role: /^img$/,
  };

  const copy = (element) => {
    const made = document.createElementNS(SVG, element.localName);
    for (const { name, value } of element.attributes) {
      if (ATTRIBUTES[name]?.test(value)) made.setAttribute(name, value);
    }
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) made.append(child.data);
      else if (ELEMENTS.has(child.localName)) made.append(copy(child));
    }
    return made;
  };

  // Return a drawing rebuilt from its text; null if it is none.
  const rebuild = (text) => {
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    return root.localName === "svg" && !root.querySelector("parsererror") ? copy(root) : null;
  };

  const folder = new URL(".", document.currentScript.src);

  const unavailable = () => {
    if (location.protocol === "file:") return "Changing the parameters needs a web server.";
    if (!window.Worker || !window.WebAssembly) return "This browser can't run it.";
    return "";
  };

  const setUp = (lab) => {
    const { name, file, version } = lab.dataset;
    const form = lab.querySelector("form");
    const [fieldset, status] = [form.querySelector("fieldset"), form.querySelector(".portfolio-lab-status")];
    const runButton = form.querySelector("[type=submit]");
    const sentence = lab.querySelector(".portfolio-lab-sentence");
    const details = lab.querySelector(".portfolio-lab-source");
    const code = details.querySelector("pre");
    const original = code.textContent;
    const controls = [...form.elements].filter((each) => each.name);
    form.reset(); // Firefox keeps what was typed before a reload
    const defaults = Object.fromEntries(controls.map((each) => [each.name, each.value]));
    const results = [sentence, lab.querySelector(".portfolio-lab-drawing")];
    let editor = null;
    let worker = null;
    let timer = 0;
    let asked = ""; // the values and the code of the run that goes on

    status.setAttribute("role", "status");
    sentence.setAttribute("aria-live", "polite");
    const say = (message, values) => {
      status.textContent = message ? portfolioText(message, values) : "";
    };
    const reason = unavailable();
    say(reason);
    if (reason) return;
    fieldset.disabled = false;

    const button = (message, action) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = portfolioText(message);
      made.addEventListener("click", action);
      return made;
    };
    const stopButton = button("Stop", () => stop("Stopped."));
    stopButton.className = "portfolio-lab-stop";
    stopButton.hidden = true;
    runButton.after(stopButton);
    for (const each of lab.querySelectorAll("pre")) each.tabIndex = 0; // those that scroll

    const end = () => {
      clearTimeout(timer);
      asked = "";
      if (document.activeElement === stopButton) runButton.focus();
      stopButton.hidden = true;
      for (const each of results) each.removeAttribute("aria-busy");
    };
    const stop = (message, values) => {
      worker?.terminate();
      worker = null;
      end();
      say(message, values);
    };
    const show = ({ sentence: text, drawing, report, printed, error, line }) => {
      if (error) {
        // A ValueError is for readers: it says what to write. Others have a line of the code.
        const [, plain] = error.match(/^ValueError: (.*)/s) ?? [];
        if (plain && !editor) say("It failed: {error}", { error: plain });
        else if (line) say("Line {line}: {error}", { line, error });
        else say("It failed: {error}", { error });
        return;
      }
      say(editor ? "Result of your version" : "");
      sentence.textContent = text;
      const made = rebuild(drawing);
      if (made) lab.querySelector(".portfolio-lab-drawing").replaceChildren(made);
      else say("Its drawing can't be shown.");
      const shown = [printed, report].filter(Boolean).join("\n");
      let block = lab.querySelector(".portfolio-lab-report");
      if (!block && shown) {
        block = document.createElement("div");
        block.className = "portfolio-lab-report";
        block.append(document.createElement("pre"));
        sentence.after(block);
      }
      if (block) {
        block.querySelector("pre").textContent = shown;
        block.hidden = !shown;
      }
    };
    const receive = ({ data }) => {
      if (data.kind === "started") {
        timer = setTimeout(stop, LIMIT, "Stopped after {seconds} seconds.", { seconds: LIMIT / 1000 });
      } else if (data.kind === "unavailable") {
        stop("It can't be run here: {error}", { error: data.error });
      } else {
        end();
        show(data);
      }
    };
    const run = () => {
      if (!form.reportValidity()) return;
      const values = Object.fromEntries(
        controls.map((each) => [each.name, each.type === "number" ? each.valueAsNumber : each.value]),
      );
      const message = { lab: editor ? editor.value : original, path: file, values };
      if (asked === JSON.stringify(message)) return; // Enter in a field is a change, too
      if (asked) stop("");
      asked = JSON.stringify(message);
      if (!worker) {
        worker = new Worker(new URL(`lab-worker.js?v=${version}`, folder));
        worker.addEventListener("message", receive);
        worker.addEventListener("error", () => stop("It can't be run here: {error}", { error: "Worker" }));
      }
      for (const each of results) each.setAttribute("aria-busy", "true");
      stopButton.hidden = false;
      say("Running …");
      worker.postMessage(message);
    };
    const keepInAddress = () => {
      const address = new URL(location);
      for (const each of controls) {
        const key = `${name}.${each.name}`;
        if (each.value === defaults[each.name]) address.searchParams.delete(key);
        else address.searchParams.set(key, each.value);
      }
      history.replaceState(null, "", address);
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run();
    });
    form.addEventListener("change", () => {
      if (!form.reportValidity()) return;
      keepInAddress();
      run();
    });
    // Edit the code, and go back.
    const edit = button("Edit", () => {
      editor = document.createElement("textarea");
      editor.value = original;
      editor.rows = Math.min(original.split("\n").length, 30);
      editor.spellcheck = false;
      editor.autocapitalize = "off";
      editor.setAttribute("aria-label", portfolioText("Source"));
      code.hidden = true;
      code.after(editor);
      edit.hidden = true;
      runEdited.hidden = reset.hidden = false;
      editor.focus();
    });
    const runEdited = button("Run", run);
    const reset = button("Reset", () => {
      editor.remove();
      editor = null;
      code.hidden = edit.hidden = false;
      runEdited.hidden = reset.hidden = true;
      for (const each of controls) each.value = defaults[each.name];
      keepInAddress();
      run();
      edit.focus();
    });
    runEdited.hidden = reset.hidden = true;
    const row = document.createElement("p");
    row.className = "portfolio-lab-edit";
    row.append(edit, runEdited, reset);
    details.querySelector("summary").after(row);

    // An address with values.
    const query = new URLSearchParams(location.search);
    let [isAsked, isOutOfRange] = [false, false];
    for (const each of controls) {
      const value = query.get(`${name}.${each.name}`);
      if (value === null) continue;
      const before = each.value;
      each.value = value;
      if (each.value !== value || !each.checkValidity()) {
        each.value = before;
        isOutOfRange = true;
      } else {
        isAsked ||= value !== defaults[each.name];
      }
    }
    if (isOutOfRange) say("The address has a value that is out of range.");
    else if (isAsked) run();
  };

  for (const lab of document.querySelectorAll(".portfolio-lab[data-name]")) {
    if (lab.querySelector("form")) setUp(lab);
  }
}
