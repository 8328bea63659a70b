//! Text as it is searched.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents, white space as single spaces. `ñ` becomes `n`: people without that key look for it too.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_case_and_spaces_dont_matter() {
        assert_eq!(fold("  Ñandutí   ÁÉÍ Üb"), "nanduti aei ub");
    }
}
