//! libFuzzer around one of the targets: FUZZ_TARGET names it. Started by scripts/fuzz.

#![no_main]

#[path = "targets.rs"]
mod targets;

use std::path::Path;
use std::sync::LazyLock;

use targets::{Desk, TARGETS};

static DESK: LazyLock<Desk> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (book, report) = backcare::lint::check_dir(&root.join("dialogues"));
    let book = book.unwrap_or_else(|| panic!("the shipped book does not load:\n{report}"));
    let small = backcare::source::folder::texts(&root.join("tests/bad/base"), "yaml").expect("the small book");
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let small = small.into_iter().map(|(path, text)| (name(&path), text)).collect();
    Desk { book, small }
});

static TARGET: LazyLock<fn(&Desk, &[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("FUZZ_TARGET names no target: {wanted:?}")).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(&DESK, bytes));
