//! The verifier shares no parsing code with what writes backups.

use std::path::{Path, PathBuf};

/// Whose code may not be used: whoever writes, restores, compares or imports.
const STRANGERS: [&str; 8] = ["crate::dump", "crate::import", "container", "take", "run", "restore", "diff", "decrypt"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

#[test]
fn the_reader_is_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backup/verify");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 15);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for stranger in STRANGERS {
                let paths = match stranger.strip_prefix("crate::") {
                    Some(_) => vec![stranger.to_owned()],
                    None => ["backup::", "super::super::", "super::super::super::"]
                        .map(|from| format!("{from}{stranger}"))
                        .to_vec(),
                };
                for path in paths {
                    let is_used = line.match_indices(&path).any(|(at, _)| {
                        let next = line[at + path.len()..].chars().next();
                        !next.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
                    });
                    assert!(!is_used, "{} uses {path}: {line}", file.display());
                }
            }
            assert!(!line.contains("backup::{") && !line.contains("crate::{"), "{}: {line}", file.display());
        }
    }
}
