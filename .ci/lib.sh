# Sourced by the scripts of this folder: where things are, and how a step says what it does.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

export CANJE_CACHE=${CANJE_CACHE:-$HOME/.cache/canje}
TOOLS=$CANJE_CACHE/tools
NODE_TOOLS=$CANJE_CACHE/node
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
export PATH="$TOOLS/bin:$NODE_TOOLS/node_modules/.bin:$PATH:$HOME/.cargo/bin"

has() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$*" >&2; }

# fail WHAT REMEDY: the last words of a failed step.
fail() {
  say "✗ $1"
  say "  Qué hacer: $2"
  exit 1
}

# step NAME REMEDY COMMAND…: runs a command and says how it went.
step() {
  local name=$1 remedy=$2 begun=$SECONDS
  shift 2
  say "▸ $name…"
  if ! "$@"; then
    fail "Falló: $name" "$remedy"
  fi
  say "✓ $name ($((SECONDS - begun)) s)"
}

# The version of a package that Cargo.lock has chosen.
locked_version() {
  awk -v name="$1" '$1 == "name" { found = ($3 == "\"" name "\"") } found && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' "$ROOT/Cargo.lock"
}

# The toolchain that builds for the browser: empty for rustup's own, "+wasm-std" for the one made of Debian packages.
wasm_toolchain() { cat "$CANJE_CACHE/wasm-toolchain" 2>/dev/null || true; }
