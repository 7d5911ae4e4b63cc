"""Runs a lab and prints the result: one program for CPython and for MicroPython.

Python runs it when the site is built, a browser when a reader changes something. It keeps to
MicroPython's subset of Python, as the kit does. A call of `main` is appended to this file.
"""

# MicroPython has no module `typing`.
# mypy: disable-error-code="no-untyped-def, no-untyped-call, assignment"

import gc
import json
import sys

MARK = "\x1e"  # between what a lab prints and the result
KIT = "sphinx_portfolio.labs.kit"
NAMES = ("PARAMETERS", "run", "summarize", "draw")


class Module:
    """A module: MicroPython has no `types.ModuleType`."""


def load(source, path, name):
    """Execute a module, so that it can be imported; return its names."""
    names = {"__name__": name}
    exec(compile(source, path, "exec"), names)  # noqa: S102 (the site's own code)
    parts = name.split(".")
    for count in range(1, len(parts)):  # `import a.b.c` needs `a` and `a.b`, too
        sys.modules[".".join(parts[:count])] = Module()
    sys.modules[name] = Module()
    for key, value in names.items():
        setattr(sys.modules[name], key, value)
    return names


def calculate(request):
    """Run a lab with the values of a request; return its sentence, drawing, report and data."""
    load(request.pop("kit"), "kit.py", KIT)
    lab = load(request.pop("lab"), request["path"], "lab")
    for name in NAMES:
        if name not in lab:
            raise ValueError(f"the lab has no {name}")
    values = {each["name"]: each["default"] for each in lab["PARAMETERS"]}
    values.update(request["values"])
    answer = {"parameters": list(lab["PARAMETERS"])}
    gc.collect()
    # Not `run(**values)`: a collection in `run` would free the arguments of such a call.
    lab["values"] = values
    call = ", ".join([f"{name}=values[{name!r}]" for name in values])
    data = answer["data"] = eval(f"run({call})", lab)  # noqa: S307 (the site's own code)
    for key, name in (("sentence", "summarize"), ("drawing", "draw"), ("report", "report")):
        gc.collect()
        answer[key] = lab[name](data) if name in lab else ""
    gc.collect()
    return answer


def line_of(error, path):
    """Return the last line of a file in an error's traceback; 0 if it is not there."""
    if hasattr(sys, "print_exception"):  # MicroPython
        import io  # noqa: PLC0415

        written = io.StringIO()
        sys.print_exception(error, written)
        lines = [each for each in written.getvalue().split("\n") if f'"{path}", line ' in each]
        return int(lines[-1].split(", line ")[1].split(",")[0]) if lines else 0
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def main(text):
    """Answer a request in JSON: with the result, or an error and its line.

    MicroPython has 1 MB. Its collector overlooks what only a variable of WebAssembly refers to, so
    it does not run by itself, inside of a built-in function, but between calls, and where a lab
    calls it.
    """
    if sys.implementation.name == "micropython":
        gc.disable()
    request = json.loads(text)
    try:
        answer = calculate(request)
        if not request["data"]:
            del answer["data"], answer["parameters"]
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        answer = {"error": message, "line": line_of(error, request["path"])}
    sys.stdout.write(MARK)
    json.dump(answer, sys.stdout)
