// The shop's own file, changed from aside: what happens in a shop while somebody shops.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

// A Node before 22.5 has no SQLite.
const sqlite = await import("node:sqlite").catch(() => null);

const PYTHON = `
import json, sqlite3, sys
file, text, values = sys.argv[1], sys.argv[2], json.load(sys.stdin)
shop = sqlite3.connect(file, timeout=5)
changed = shop.execute(text, values).rowcount
shop.commit()
print(changed)
`;

/** Runs one statement in a backend's database; returns how many rows were changed. */
export async function change(backend, text, ...values) {
  const file = join(backend.folder, "shop.sqlite");
  if (!sqlite) {
    const asked = promisify(execFile)("python3", ["-c", PYTHON, file, text]);
    // Not as a word of the command: these may be many.
    asked.child.stdin.end(JSON.stringify(values));
    return Number((await asked).stdout);
  }
  const shop = new sqlite.DatabaseSync(file, { timeout: 5_000 });
  try {
    return Number(shop.prepare(text).run(...values).changes);
  } finally {
    shop.close();
  }
}
