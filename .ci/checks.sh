#!/usr/bin/env bash
# Rules of this code base that no compiler knows.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

failed=0
# rule WORDS HITS: a rule is kept when nothing was found.
rule() {
  [ -z "$2" ] && return
  failed=1
  say "✗ $1"
  say "$2"
}

sources() { git ls-files --cached --others --exclude-standard -- "$@"; }
search() { local pattern=$1; shift; xargs -r -d '\n' grep -nHE "$pattern" -- "$@" || true; }

rule 'cfg(feature …) va solo en lib.rs, main.rs y mod.rs' \
  "$(sources 'src/*.rs' | grep -vE '^src/(lib|main)\.rs$|/mod\.rs$' | search 'cfg(_attr)?\(.*feature *=')"
rule 'un <textarea> sin escapar: usá el componente TextArea' \
  "$(sources 'src/*.rs' | grep -v '^src/ui/text_area\.rs$' | search '<textarea')"
rule 'una prueba salteada o a medio hacer' \
  "$(sources 'src/*.rs' | search '#\[ignore|todo!\(|unimplemented!\(|TODO|FIXME')$(sources 'end2end/*.ts' | search '\.(only|skip|fixme)\(|TODO|FIXME')"
rule 'una prueba espera un tiempo en vez de un estado' \
  "$(sources 'src/tests/*.rs' | search '(thread|time)::sleep\(')$(sources 'end2end/*.ts' | search 'waitForTimeout|setTimeout\(' | grep -v 'test\.setTimeout(')"

# A crate nobody names in the code is one to download, compile and watch for nothing.
unnamed() {
  awk '/^\[/ { inside = /^\[(dev-)?dependencies\]/ } inside && / = / { print $1 }' Cargo.toml | while read -r crate; do
    git grep -qE "(^|[^[:alnum:]_])${crate//-/_}(::|!)" -- 'src/*.rs' 'end2end/bench/*.rs' || printf '%s\n' "$crate"
  done
}
rule 'una dependencia que nadie usa' "$(unnamed)"

# The browser build has these crates and no others: whatever else is in the list costs every visitor.
allowed='console_error_panic_hook|leptos|serde|wasm-bindgen'
tree=$(cargo tree --quiet --depth 1 --prefix none --edges normal --no-default-features --features hydrate \
  --target wasm32-unknown-unknown)
rule 'una dependencia del servidor entra en la parte del navegador: tiene que ser opcional' \
  "$(tail -n +2 <<<"$tree" | cut -d' ' -f1 | grep -vxE "$allowed" || true)"
exit $failed
