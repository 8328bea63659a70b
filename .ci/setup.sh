#!/usr/bin/env bash
# Installs what is missing, and nothing twice: `setup.sh run`, `setup.sh build` or `setup.sh test`.
#
# System packages come from Debian; everything else goes below ${CANJE_CACHE:-~/.cache/canje}.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SECANTUS_VERSION=0.5.3-beta.196
BINARYEN_VERSION=132.0.0
WASM_TARGET=wasm32-unknown-unknown
NETWORK='fijate que haya conexión a internet y volvé a correr el mismo comando: sigue donde quedó.'

main() {
  local purpose=${1:?run, build o test}
  rust
  packages cc:build-essential cmake:cmake
  wasm_target
  wasm_bindgen
  engine
  case $purpose in
    run) ;;
    build) node && wasm_opt ;;
    test) node && wasm_opt && journeys ;;
    *) fail "No existe la preparación «$purpose»" 'usá run, build o test.' ;;
  esac
}

rust() {
  has cargo || fail 'No está instalado Rust (cargo)' 'instalalo desde https://rustup.rs y abrí una terminal nueva.'
  rustc --version >/dev/null 2>&1 || fail 'Rust está instalado a medias' 'corré «rustup default stable».'
}

# packages COMMAND:PACKAGE…: installs the packages whose command is missing.
packages() {
  local missing=() pair
  for pair in "$@"; do
    has "${pair%%:*}" || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  step "Paquetes del sistema: ${missing[*]}" "instalalos a mano (en Debian: apt-get install ${missing[*]}) y probá de nuevo." \
    apt_install "${missing[@]}"
}

apt_install() {
  has apt-get || return 1
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    has sudo || return 1
    as_root=(sudo)
    [ -z "${CI:-}" ] || as_root+=(-n)
  fi
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@")
  # Package lists may be old or absent: fetch them only when installing fails.
  "${install[@]}" </dev/null >&2 || { "${as_root[@]}" apt-get update >&2 && "${install[@]}" </dev/null >&2; }
}

wasm_target() {
  [ -z "$(wasm_toolchain)" ] || return 0
  compgen -G "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib/libstd-*.rlib" >/dev/null && return
  step 'Rust para el navegador (wasm32)' "$NETWORK" wasm_from_rustup_or_debian
}

wasm_from_rustup_or_debian() {
  has rustup && rustup target add "$WASM_TARGET" && return
  say '  rustup no pudo bajarlo; se arma con los paquetes de Debian.'
  wasm_from_debian
}

# Debian's Rust has the sources of the standard library, but not that library for the browser: it is built once.
wasm_from_debian() {
  apt_install rustc-web cargo-web rust-web-src rust-web-llvm lld-22 || return 1
  local work=$CANJE_CACHE/build/wasm-std lib=/usr/lib/rustlib/$WASM_TARGET/lib as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  rm -rf "$work" && mkdir -p "$work/src" || return 1
  printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
  printf '#![no_std]\n' >"$work/src/lib.rs"
  (cd "$work" && RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" \
    /usr/bin/cargo build --release -Zbuild-std=std,panic_abort --target "$WASM_TARGET") || return 1
  "${as_root[@]}" mkdir -p "$lib" || return 1
  "${as_root[@]}" cp "$work/target/$WASM_TARGET/release/deps/"*.rlib "$work/target/$WASM_TARGET/release/deps/"*.rmeta "$lib/" || return 1
  rustup toolchain link wasm-std /usr || return 1
  rm -rf "$work"
  echo '+wasm-std' >"$CANJE_CACHE/wasm-toolchain"
}

# cargo_tool PACKAGE VERSION OPTION…: installs a tool apart from the project. Its build is kept until it has succeeded.
cargo_tool() {
  local package=$1 version=$2
  shift 2
  local build=$CANJE_CACHE/build/$package
  mkdir -p "$TOOLS" "$build"
  # From outside the repository, whose compiler flags are not for the tools.
  (cd "$TOOLS" && env -u RUSTFLAGS CARGO_TARGET_DIR="$build" cargo install "$package" --version "$version" --force --root "$TOOLS" "$@") || return 1
  rm -rf "$build"
}

wasm_bindgen() {
  local version
  version=$(locked_version wasm-bindgen)
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  step "wasm-bindgen $version (se compila, unos minutos)" "$NETWORK" cargo_tool wasm-bindgen-cli "$version"
}

engine() {
  has mongod && return
  [ -x "$TOOLS/bin/secantusd-rs" ] && "$TOOLS/bin/secantusd-rs" --version 2>/dev/null | grep -qF "$SECANTUS_VERSION" && return
  step "Servidor de base de datos SecantusDB $SECANTUS_VERSION (se compila, unos cinco minutos)" "$NETWORK" \
    cargo_tool secantus-mdb "$SECANTUS_VERSION" --locked --ignore-rust-version
}

node() {
  packages node:nodejs npm:npm
}

wasm_opt() {
  wasm-opt --version 2>/dev/null | grep -qF "version ${BINARYEN_VERSION%%.*}" && return
  step "wasm-opt (binaryen $BINARYEN_VERSION)" "$NETWORK" \
    npm install --prefix "$NODE_TOOLS" --no-save --no-audit --no-fund "binaryen@$BINARYEN_VERSION" >&2
}

# The browser and the packages of the browser journeys.
journeys() {
  local here=end2end
  if ! cmp -s "$here/package-lock.json" "$here/node_modules/.installed-lock.json"; then
    step 'Paquetes de las pruebas en el navegador' "$NETWORK" npm ci --prefix "$here" --no-audit --no-fund
    cp "$here/package-lock.json" "$here/node_modules/.installed-lock.json"
  fi
  has chromium && return
  step 'Navegador Chromium' 'instalá el paquete chromium y probá de nuevo.' browser
}

browser() {
  apt_install chromium || (cd end2end && npx playwright install chromium)
}

main "$@"
