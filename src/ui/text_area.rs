//! The one place where a `<textarea>` may be written.
//!
//! Leptos 0.8 does not escape the children of a textarea, so text that contains `</textarea>` would end the element and
//! run as markup. This component escapes; a test reads the sources and refuses the raw tag anywhere else. Server only:
//! in the browser children become a text node, and escaping would show.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{
    Text,
    field::{FieldIds, frame},
    raw_text,
};

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional)] required: bool,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
    /// Code or JSON: monospaced, no spelling marks.
    #[prop(optional)]
    mono: bool,
    #[prop(optional, into)] placeholder: Text,
    #[prop(optional, into)] id: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let ids = FieldIds::new(&name, id, hint.is_some(), error.is_some());
    // A parser drops the first line break after the tag, so one is always written for it to drop.
    let control = view! {
        <textarea
            class="input"
            class:mono=mono
            id=ids.control.clone()
            name=name
            rows=rows.to_string()
            required=required
            placeholder=placeholder.get()
            maxlength=maxlength.map(|n| n.to_string())
            spellcheck=mono.then_some("false")
            aria-invalid=error.is_some().then_some("true")
            aria-describedby=ids.described_by.clone()
            data-testid=testid.get()
            inner_html=format!("\n{}", raw_text(&value.or("")))
        ></textarea>
    };
    frame(&ids, label, required, hint, error, control)
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let html = Owner::new().with(|| {
            view! { <TextArea name="note" label="Nota" value="</textarea><script>alert(1)</script> & más"/> }.to_html()
        });
        assert!(html.contains("\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; más"), "{html}");
        assert!(html.contains("más</textarea>"), "nothing is added to what was typed: {html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn no_other_source_writes_the_raw_tag() {
        let tag = concat!("<", "textarea");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let offenders: Vec<PathBuf> = sources(&root)
            .into_iter()
            .filter(|path| !path.ends_with("ui/text_area.rs"))
            .filter(|path| fs::read_to_string(path).unwrap().contains(tag))
            .collect();
        assert!(offenders.is_empty(), "use ui::TextArea: {offenders:?}");
    }

    fn sources(dir: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push(path);
            }
        }
        found
    }
}
