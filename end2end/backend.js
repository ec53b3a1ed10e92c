// A real backend of one's own: any free port, a data folder that is thrown away.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask test browser\``);
  return value;
}

/** Starts a backend. `more` are further arguments (`--empty`), `folder` one that is there already. */
export async function startBackend(more = [], { folder, port = 0 } = {}) {
  const data = folder ?? (await mkdtemp(join(tmpdir(), "linli-e2e-")));
  const pictures = process.env.LINLI_PICTURES ? ["--demo-pictures", process.env.LINLI_PICTURES] : [];
  const child = spawn(
    told("LINLI_BACKEND"),
    ["--addr", `127.0.0.1:${port}`, "--data", data, "--site", told("LINLI_SITE"), "--show-codes", ...pictures, ...more],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((done) => child.once("exit", done));
  let words = "";
  child.stderr.on("data", (part) => (words = (words + part).slice(-4000)));
  const { url, desk } = await new Promise((listening, failed) => {
    let [url, desk] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      url ??= /^listening on (http:\S+)/.exec(line)?.[1];
      // Where a tablet becomes a desk, with the code that is good once.
      desk ??= /^desk (http:\S+\/desk\/#register=\S+)/.exec(line)?.[1];
      if (url && desk) listening({ url, desk });
    });
    ended.then((code) => failed(new Error(`the backend ended (${code}) before it listened:\n${words}`)));
    child.once("error", failed);
  });
  return {
    url,
    desk,
    folder: data,
    /** Ends it at once, as a machine does whose power is cut. */
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
    async throwAway() {
      await this.stop();
      // What the media server has begun may still write there.
      await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
