//! A progress bar for work on a manifest.

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use pedigree_manifest::{Progress, Stage};

use crate::context::Context;

/// The progress bar, if people read the output.
pub fn meter(context: &Context) -> Meter {
    Meter(if context.is_for_people() {
        ProgressBar::no_length().with_style(
            ProgressStyle::with_template("{msg:8} {bar:40} {pos}/{len} units, {eta} left")
                .expect("a valid template"),
        )
    } else {
        ProgressBar::hidden()
    })
}

/// See [`meter`].
pub struct Meter(ProgressBar);

impl Meter {
    /// The callback that the manifest's functions report to.
    pub fn on_progress(self) -> impl FnMut(Progress) -> ControlFlow<()> {
        move |progress| {
            let Self(bar) = &self;
            bar.set_message(match progress.stage {
                Stage::Hashing => "hashing",
                Stage::Writing => "writing",
                Stage::Reading => "reading",
                Stage::Indexing => "indexing",
            });
            bar.set_length(progress.total.into());
            bar.set_position(progress.done.into());
            ControlFlow::Continue(())
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
