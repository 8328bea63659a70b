#!/usr/bin/env bash
# Builds the program and the site it serves: `build.sh dev` or `build.sh release [--strict]`.
#
# Unchanged parts are skipped. With --strict a missing wasm-opt is an error, without it the browser build is just larger.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PROFILE=${1:?dev o release}
STRICT=${2:-}
CODE='el compilador dice arriba qué no le gusta; si el código no es tuyo, volvé a una versión publicada.'

main() {
  # The local twins of outside services belong to the demonstration and the tests, never to a release.
  export CANJE_COMMIT
  CANJE_COMMIT=$([ "$PROFILE" != release ] || git rev-parse --short HEAD 2>/dev/null || true)
  local binary=$TARGET/debug/canje flags=(--features emulators)
  if [ "$PROFILE" = release ]; then
    binary=$TARGET/release/canje
    flags=(--release)
  fi
  step 'Programa' "$CODE" cargo build --bin canje "${flags[@]}"
  step 'Parte del navegador' "$CODE" browser_part
  local stamp
  stamp=$(site_stamp)
  if [ -f target/site/manifest.json ] && [ "$(cat target/site.stamp 2>/dev/null)" = "$stamp" ]; then
    say '✓ Sitio: sin cambios'
  else
    rm -f target/site.stamp
    step 'Sitio: paquete del navegador' "$CODE" package
    step 'Sitio: estilos, nombres y compresión' "$CODE" "$binary" assets
    echo "$stamp" >target/site.stamp
  fi
  if [ "$PROFILE" = release ]; then
    step 'Sin servicios simulados' 'los servicios simulados van solo con «--features emulators».' without_twins "$binary"
    deliver "$binary"
  fi
  return 0
}

WASM=$TARGET/wasm32-unknown-unknown/wasm-release/canje.wasm

browser_part() {
  # shellcheck disable=SC2046  # empty, or one word
  cargo $(wasm_toolchain) build --lib --target wasm32-unknown-unknown --no-default-features --features hydrate --profile wasm-release
}

# Everything the site is made from.
site_stamp() {
  {
    sha256sum "$WASM" Cargo.lock "${BASH_SOURCE[0]}"
    wasm-opt --version 2>/dev/null || echo 'no wasm-opt'
    find public style src/assets -type f -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d' ' -f1
}

package() {
  rm -rf target/pkg
  mkdir -p target/pkg
  wasm-bindgen --target web --no-typescript --out-dir target/pkg "$WASM" || return 1
  if has wasm-opt; then
    wasm-opt -Oz --enable-bulk-memory --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types \
      --enable-sign-ext --enable-multivalue -o target/pkg/small.wasm target/pkg/canje_bg.wasm || return 1
    mv target/pkg/small.wasm target/pkg/canje_bg.wasm
  elif [ "$STRICT" = --strict ]; then
    say '  falta wasm-opt'
    return 1
  else
    say '  sin wasm-opt: el paquete queda más grande'
  fi
}

# A production binary has no twins of outside services, neither as a command nor as text.
without_twins() {
  ! "$1" --help | grep -qw emulators && ! grep -qaF '/_control/{service}/faults' "$1"
}

# The binary stands in the checkout even when the target directory is elsewhere.
deliver() {
  [ "$1" -ef target/release/canje ] && return
  mkdir -p target/release
  cp "$1" target/release/canje.new
  mv -f target/release/canje.new target/release/canje
}

main
