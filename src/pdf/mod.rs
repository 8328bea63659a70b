//! Documents for people's files: typst templates, drawn in this process, with embedded fonts and nothing fetched.
