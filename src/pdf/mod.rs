//! Documents for people's files: typst templates, drawn in this process, with embedded fonts and nothing fetched.
//!
//! A template is a file in `templates/`; what it shows arrives as JSON, words included, so that a person's text is data and
//! never markup. Drawing happens on a blocking thread, one document at a time, and a page waits for it only so long.
//! Documents are tagged for screen readers (PDF/UA-1).

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use serde::Serialize;
use tokio::sync::Semaphore;
use typst::foundations::{Dict, IntoValue as _, Output, Smart};
use typst_as_lib::TypstEngine;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::AppError;
use crate::failure::Failure;

/// A document takes well under a second; whoever waits for longer is told so.
const PATIENCE: Duration = Duration::from_secs(30);
/// One at a time: drawing takes a whole core and some memory.
static PLACE: Semaphore = Semaphore::const_new(1);

/// What a template needs of the world.
const FRAME: (&str, &str) = ("frame.typ", include_str!("templates/frame.typ"));

/// A kind of document.
#[derive(Clone, Copy, Debug)]
pub struct Template(&'static str);

/// The act of a backup.
pub const BACKUP: Template = Template(include_str!("templates/backup.typ"));

/// Draws a document as PDF. `data` is what the template reads.
pub async fn draw(template: Template, data: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let data = serde_json::to_string(data).map_err(anyhow::Error::from)?;
    let drawn = async {
        let place = PLACE.acquire().await.map_err(anyhow::Error::from)?;
        let work = tokio::task::spawn_blocking(move || {
            // A request that is given up keeps the place until the work is done, so no more than one ever runs.
            let _place = place;
            drawing(template, data)
        });
        anyhow::Ok(work.await.map_err(anyhow::Error::from)??)
    };
    match tokio::time::timeout(PATIENCE, drawn).await {
        Ok(drawn) => Ok(drawn.context("drawing a document")?),
        Err(_) => Err(AppError::TimedOut.into()),
    }
}

fn drawing(template: Template, data: String) -> anyhow::Result<Vec<u8>> {
    let document = compile(template, data)?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| anyhow!("{}", error.message()))?;
    let options = PdfOptions { standards, creator: Smart::Custom(Some("Canje".into())), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|errors| told(errors.iter().map(|error| error.message.as_str())))
}

fn compile<D: Output>(template: Template, data: String) -> anyhow::Result<D> {
    let engine = TypstEngine::builder()
        .main_file(template.0)
        .fonts(fonts())
        .with_static_source_file_resolver([FRAME])
        // Nothing of one person's document stays behind for the next.
        .comemo_evict_max_age(Some(0))
        .build();
    let mut inputs = Dict::new();
    inputs.insert("data".into(), data.into_value());
    let compiled = engine.compile_with_input(inputs);
    compiled.output.map_err(|error| anyhow!("{error}"))
}

/// What is embedded; the templates use two families of it.
fn fonts() -> Vec<&'static [u8]> {
    typst_assets::fonts().collect()
}

fn told<'a>(messages: impl Iterator<Item = &'a str>) -> anyhow::Error {
    anyhow!("{}", messages.collect::<Vec<_>>().join("; "))
}

/// What a document says, as text, and how many pages it has.
#[cfg(test)]
pub fn text(template: Template, data: &impl Serialize) -> anyhow::Result<(String, usize)> {
    use typst::layout::{Frame, FrameItem};

    fn gather(frame: &Frame, text: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => gather(&group.frame, text),
                FrameItem::Text(run) => text.push_str(&run.text),
                _ => {}
            }
        }
        text.push('\n');
    }

    let document = compile(template, serde_json::to_string(data)?)?;
    // What can't be written as PDF isn't a document either; this also names the type.
    typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|errors| anyhow!("{errors:?}"))?;
    let mut text = String::new();
    for page in document.pages() {
        gather(&page.frame, &mut text);
    }
    Ok((text, document.pages().len()))
}
