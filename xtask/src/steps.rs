//! A setup in steps: each leaves a stamp when it is complete, so that an interrupted setup continues
//! where it stopped, and a step whose recipe changed runs again with all that follow it.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// How many lines of a failed command's output the error repeats.
const LINES_SHOWN: usize = 15;

pub struct Step<'a> {
    pub name: &'static str,
    pub title: String,
    /// What the step's result depends on. The step is complete while its stamp has the same text.
    pub recipe: String,
    pub work: Work<'a>,
}

pub type Work<'a> = Box<dyn Fn(&Progress) -> Result<()> + 'a>;

/// Completes the first `wanted` of `steps`: runs the first incomplete one and those after it, and
/// leaves all later steps incomplete. Other processes wait until this one is done.
pub fn run(folder: &Path, steps: &[Step], wanted: usize) -> Result<()> {
    let stamps = folder.join("stamps");
    fs::create_dir_all(&stamps)
        .with_context(|| format!("could not create {}", stamps.display()))?;
    let lock = File::create(folder.join("lock"))?;
    if lock.try_lock().is_err() {
        eprintln!("waiting for another process to set up {}", folder.display());
        lock.lock()?;
    }

    let complete = |step: &Step| {
        fs::read_to_string(stamps.join(step.name)).is_ok_and(|stamp| stamp == step.recipe)
    };
    let Some(first) = steps[..wanted].iter().position(|step| !complete(step)) else {
        return Ok(());
    };
    for step in &steps[first..] {
        remove_if_there(&stamps.join(step.name))?;
    }
    for (index, step) in steps[..wanted].iter().enumerate().skip(first) {
        eprintln!("[{}/{wanted}] {}", index + 1, step.title);
        let progress = Progress::start(folder.join(format!("{}.log", step.name)))?;
        (step.work)(&progress).with_context(|| format!("step failed: {}", step.title))?;
        progress.bar.finish_and_clear();
        let fresh = stamps.join("fresh");
        fs::write(&fresh, &step.recipe)?;
        fs::rename(fresh, stamps.join(step.name))?;
    }
    Ok(())
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Shows a running step on the terminal, and logs what its commands print.
pub struct Progress {
    bar: ProgressBar,
    log: PathBuf,
}

impl Progress {
    fn start(log: PathBuf) -> Result<Self> {
        File::create(&log).with_context(|| format!("could not write {}", log.display()))?;
        let style = ProgressStyle::with_template("      {spinner} {elapsed} {wide_msg}")?;
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(120));
        Ok(Self { bar, log })
    }

    /// Runs `command`. Its output goes to the log, its latest line to the terminal.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let name = Path::new(command.get_program())
            .file_name()
            .unwrap_or_default()
            .display()
            .to_string();
        let (reader, writer) = io::pipe()?;
        let mut child = command
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()
            .with_context(|| format!("could not start `{name}`"))?;
        // The command holds the pipe's other end; without this, reading would not end.
        command.stdout(io::stdout()).stderr(io::stderr());

        let mut log = File::options().append(true).open(&self.log)?;
        let mut last = VecDeque::new();
        for line in BufReader::new(reader).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            writeln!(log, "{line}")?;
            self.bar.set_message(line.clone());
            last.push_back(line);
            if last.len() > LINES_SHOWN {
                last.pop_front();
            }
        }
        let status = child.wait()?;
        if !status.success() {
            bail!(
                "`{name}` failed ({status}):\n{}\nthe full output is in {}",
                last.make_contiguous().join("\n"),
                self.log.display()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Runs all steps, with the given recipes, and returns which of them did any work.
    fn run_recipes(folder: &Path, recipes: [&str; 3], failing: Option<&str>) -> Vec<&'static str> {
        run_first(3, folder, recipes, failing)
    }

    fn run_first(
        wanted: usize,
        folder: &Path,
        recipes: [&str; 3],
        failing: Option<&str>,
    ) -> Vec<&'static str> {
        let worked = RefCell::new(Vec::new());
        let steps: Vec<_> = ["one", "two", "three"]
            .into_iter()
            .zip(recipes)
            .map(|(name, recipe)| Step {
                name,
                title: name.to_owned(),
                recipe: recipe.to_owned(),
                work: Box::new({
                    let worked = &worked;
                    move |progress| {
                        worked.borrow_mut().push(name);
                        let outcome = if failing == Some(name) {
                            "exit 3"
                        } else {
                            "exit 0"
                        };
                        progress.run(Command::new("sh").args(["-c", outcome]))
                    }
                }),
            })
            .collect();
        assert_eq!(run(folder, &steps, wanted).is_err(), failing.is_some());
        drop(steps);
        worked.into_inner()
    }

    #[test]
    fn complete_steps_do_not_run_again() {
        let folder = tempfile::tempdir().unwrap();
        let all = ["one", "two", "three"];
        assert_eq!(run_recipes(folder.path(), ["1"; 3], None), all);
        assert!(run_recipes(folder.path(), ["1"; 3], None).is_empty());
    }

    #[test]
    fn a_changed_recipe_runs_its_step_and_those_after_it() {
        let folder = tempfile::tempdir().unwrap();
        run_recipes(folder.path(), ["1"; 3], None);
        let worked = run_recipes(folder.path(), ["1", "2", "1"], None);
        assert_eq!(worked, ["two", "three"]);
    }

    #[test]
    fn steps_that_follow_a_changed_one_run_when_they_are_wanted() {
        let folder = tempfile::tempdir().unwrap();
        run_recipes(folder.path(), ["1"; 3], None);
        assert_eq!(run_first(1, folder.path(), ["2", "1", "1"], None), ["one"]);
        let worked = run_recipes(folder.path(), ["2", "1", "1"], None);
        assert_eq!(worked, ["two", "three"]);
    }

    #[test]
    fn a_failed_setup_goes_on_where_it_stopped() {
        let folder = tempfile::tempdir().unwrap();
        run_recipes(folder.path(), ["1"; 3], Some("two"));
        let worked = run_recipes(folder.path(), ["1"; 3], None);
        assert_eq!(worked, ["two", "three"]);
    }

    #[test]
    fn a_failed_command_is_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let progress = Progress::start(folder.path().join("log")).unwrap();
        let error = progress
            .run(Command::new("sh").args(["-c", "echo no such package >&2; exit 100"]))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("`sh` failed (exit status: 100):\nno such package\n"),
            "{error}"
        );
    }
}
