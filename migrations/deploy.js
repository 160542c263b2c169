// The script that `anchor migrate` runs. The steps are this folder's Rust package: initialise the
// registry, add the first issuer, and publish every program's IDL. They run on the cluster and with
// the wallet that Anchor.toml names.

const { spawnSync } = require("node:child_process");
const path = require("node:path");

module.exports = function (provider) {
  const args = ["xtask", "migrate", "--url", provider.connection.rpcEndpoint];
  if (process.env.ANCHOR_WALLET) {
    args.push("--keypair", path.resolve(process.env.ANCHOR_WALLET));
  }
  const workspace = path.join(__dirname, "..");
  const { error, status } = spawnSync("cargo", args, { cwd: workspace, stdio: "inherit" });
  if (error) {
    console.error(`could not start cargo (${error.message}): is Rust installed?`);
  }
  // Anchor's script does not wait for a result, but its exit code is this process's.
  process.exitCode = status ?? 1;
};
