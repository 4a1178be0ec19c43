//! Reads a file line by line, within a budget: a line may be longer than memory is large.

use super::disk;
use crate::diagnostic::Diagnostic;
use nix::fcntl::OFlag;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// One line of a file, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// What it says.
    Text(&'a [u8]),
    /// It is longer than the budget; nothing of it was kept.
    TooLong,
}

/// Reads a regular file, no symbolic link, and gives each line with its number, from 1.
///
/// # Errors
/// When the file cannot be read to its end.
pub fn each_line(
    path: &Path,
    longest: usize,
    mut each: impl FnMut(usize, Line<'_>),
) -> Result<(), Diagnostic> {
    let failed = |cause: std::io::Error| disk::error("read", path, &cause);
    // Neither a link that leads elsewhere nor a pipe that nobody writes to.
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path);
    let file = file.map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::other("it is no regular file")));
    }
    let mut reader = BufReader::new(file);
    let (mut number, mut line) = (0, Vec::new());
    loop {
        line.clear();
        // One more than the budget, to tell a line that just fits.
        let budget = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
        let read = reader.by_ref().take(budget).read_until(b'\n', &mut line).map_err(failed)?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        if line.pop_if(|last| *last == b'\n').is_some() || line.len() <= longest {
            line.pop_if(|last| *last == b'\r');
            each(number, Line::Text(&line));
        } else {
            reader.skip_until(b'\n').map_err(failed)?;
            each(number, Line::TooLong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn lines(text: &str, longest: usize) -> Vec<(usize, Option<String>)> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, text).unwrap();
        let mut found = Vec::new();
        let keep = |number, line: Line<'_>| {
            let text = match line {
                Line::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                Line::TooLong => None,
            };
            found.push((number, text));
        };
        each_line(&path, longest, keep).unwrap();
        found
    }

    #[test]
    fn a_line_beyond_the_budget_is_left_out_and_the_next_is_read() {
        let line = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(
            lines("a\r\nbcd\n\ne", 3),
            [line(1, "a"), line(2, "bcd"), line(3, ""), line(4, "e")]
        );
        assert_eq!(lines("abcd\nef\nghijklm", 3), [(1, None), line(2, "ef"), (3, None)]);
        assert_eq!(lines("", 3), []);
    }

    #[test]
    fn links_and_pipes_are_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let (link, pipe) = (directory.path().join("link"), directory.path().join("pipe"));
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for path in [link, pipe] {
            assert!(each_line(&path, 10, |_, _| ()).is_err(), "{}", path.display());
        }
    }
}
