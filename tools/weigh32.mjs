// Runs Python steps in MicroPython as WebAssembly, whose objects have 32 bits, for
// tools/espat_host/bench/weigh32.py, which says why in steps.
//
// node weigh32.mjs PACKAGE <JOB: PACKAGE is the npm package's folder, JOB a JSON object
//   heap: the first heap, in bytes
//   files: absolute path -> content in base64
//   steps: texts of programs; they share their globals, and garbage goes only between two of them
// What they print goes to stdout. Status 1 and the traceback on stderr when a step has failed.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(0, "utf8"));
const port = resolve(process.argv[2], "micropython.mjs");
const { loadMicroPython } = await import(pathToFileURL(port).href);

const lines = [];
const keep = (line) => lines.push(line);
const micropython = await loadMicroPython({ heapsize: job.heap, stdout: keep, stderr: keep });
for (const [path, content] of Object.entries(job.files)) {
  micropython.FS.mkdirTree(dirname(path));
  micropython.FS.writeFile(path, Buffer.from(content, "base64"));
}
try {
  for (const step of job.steps) micropython.runPython(step);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
process.stdout.write(lines.map((line) => line + "\n").join(""));
