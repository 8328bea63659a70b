#!/usr/bin/env bash
# `make test`: everything a change has to pass. The order is from quick to slow; the first failure ends it, except that
# both kinds of tests always run, so that one look shows all that is broken.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LOGS=target/test-logs
FIX='arreglá lo que se lista arriba; «make test» lo repite.'

main() {
  bash .ci/setup.sh test
  mkdir -p "$LOGS"
  step 'Formato' 'corré «cargo fmt».' cargo fmt --check
  step 'Reglas de la casa' "$FIX" bash .ci/checks.sh
  step 'Clippy del servidor' "$FIX" cargo clippy --quiet --all-targets --features emulators -- -D warnings
  step 'Clippy de producción' "$FIX" cargo clippy --quiet --bin canje -- -D warnings
  step 'Clippy del navegador' "$FIX" clippy_browser
  step 'Documentación' "$FIX" env RUSTDOCFLAGS='-D warnings' cargo doc --quiet --no-deps --features emulators
  bash .ci/build.sh dev --strict
  step 'Presupuesto de tamaños' "$FIX" bash .ci/sizes

  local failed=()
  tests rust cargo test --features emulators --no-fail-fast || failed+=('pruebas de Rust')
  tests journeys npm --prefix end2end test || failed+=('recorridos en el navegador')
  summary
  [ ${#failed[@]} -eq 0 ] || fail "Fallaron: ${failed[*]}" "el detalle está arriba y en $LOGS."
}

clippy_browser() {
  # shellcheck disable=SC2046  # empty, or one word
  cargo $(wasm_toolchain) clippy --quiet --lib --target wasm32-unknown-unknown --no-default-features --features hydrate -- -D warnings
}

# tests NAME COMMAND…: runs tests and keeps what they print.
tests() {
  local log=$LOGS/$1.log
  shift
  say "▸ Pruebas: $*"
  # A test that waits for ever is named by the runner and ended here, so that the rest is still told.
  CANJE_BINARY=$TARGET/debug/canje timeout --kill-after=30 25m "$@" 2>&1 | tee "$log"
}

# The results of both runners in one line, counted from what they printed.
summary() {
  sed 's/\x1b\[[0-9;]*m//g' "$LOGS"/*.log | awk '
    /^test result:/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) passed += $(i - 1); if ($i ~ /^failed/) failed += $(i - 1) } next }
    /^ +[0-9]+ passed/ { passed += $1 }
    /^ +[0-9]+ (failed|interrupted)$/ { failed += $1 }
    END { printf "%d passed, %d failed\n", passed, failed }'
}

main
