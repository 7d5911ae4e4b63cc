// Runs labs in MicroPython, which is WebAssembly for WASI (preview 1): of that interface it needs
// arguments, output, a clock and the end. All else is "not supported".

const SUCCESS = 0;
const NOT_SUPPORTED = 58;
const BAD_FILE = 8;
const query = self.location.search;

class Exit extends Error {}

const load = async () => {
  const [response, kit, harness] = await Promise.all(
    ["micropython.wasm", "kit.py", "harness.py"].map((name) => fetch(name + query)),
  );
  for (const { ok, url } of [response, kit, harness]) if (!ok) throw new Error(`missing: ${url}`);
  const module = await WebAssembly.compile(await response.arrayBuffer());
  return { module, kit: await kit.text(), harness: await harness.text() };
};
let loaded;

function run(module, program) {
  const args = ["micropython", "-c", program].map((text) => new TextEncoder().encode(`${text}\0`));
  const written = [];
  let memory;
  const view = () => new DataView(memory.buffer);
  const wasi = {
    args_sizes_get(count, size) {
      view().setUint32(count, args.length, true);
      view().setUint32(size, args.reduce((sum, each) => sum + each.length, 0), true);
      return SUCCESS;
    },
    args_get(pointers, buffer) {
      for (const each of args) {
        view().setUint32(pointers, buffer, true);
        new Uint8Array(memory.buffer).set(each, buffer);
        pointers += 4;
        buffer += each.length;
      }
      return SUCCESS;
    },
    environ_sizes_get(count, size) {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return SUCCESS;
    },
    fd_write(file, pieces, count, size) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = view().getUint32(pieces + 8 * i, true);
        const length = view().getUint32(pieces + 8 * i + 4, true);
        written.push(new Uint8Array(memory.buffer).slice(start, start + length));
        total += length;
      }
      view().setUint32(size, total, true);
      return SUCCESS;
    },
    clock_time_get(clock, precision, time) {
      view().setBigUint64(time, BigInt(Math.round(performance.now() * 1e6)), true);
      return SUCCESS;
    },
    fd_prestat_get: () => BAD_FILE, // there are no folders
    proc_exit() {
      throw new Exit();
    },
  };
  const imports = { wasi_snapshot_preview1: wasi };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] ??= () => NOT_SUPPORTED;
  }
  const instance = new WebAssembly.Instance(module, imports);
  memory = instance.exports.memory;
  try {
    instance.exports._start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  const bytes = new Uint8Array(written.reduce((sum, each) => sum + each.length, 0));
  let offset = 0;
  for (const each of written) {
    bytes.set(each, offset);
    offset += each.length;
  }
  return new TextDecoder().decode(bytes);
}

self.onmessage = async ({ data }) => {
  let files;
  try {
    files = await (loaded ??= load());
  } catch (error) {
    postMessage({ kind: "unavailable", error: String(error) });
    return;
  }
  postMessage({ kind: "started" });
  // JSON of JSON is a text literal of Python.
  const request = JSON.stringify({ ...data, kit: files.kit, data: false });
  const program = `${files.harness}\nmain(${JSON.stringify(request)})\n`;
  try {
    const output = run(files.module, program);
    const mark = output.lastIndexOf("\x1e");
    if (mark < 0) throw new Error(output);
    const printed = output.slice(0, mark).trim();
    postMessage({ kind: "result", printed, ...JSON.parse(output.slice(mark + 1)) });
  } catch {
    postMessage({ kind: "result", error: "MemoryError", line: 0 });
  }
};
