//! A tar archive, the form in which Docker takes files. Knows no container.

use super::trial::TrialFile;
use std::collections::BTreeSet;

/// The size of a block of an archive, in bytes.
const BLOCK: usize = 512;

/// How long a name may be that stands whole in one field, in bytes.
const NAME: usize = 100;

/// Makes an archive of files that everybody may read, owned by root, with their folders.
pub(super) fn of(files: &[TrialFile]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut folders = BTreeSet::new();
    for TrialFile { path, bytes } in files {
        let path = path.trim_start_matches('/');
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..=at).unwrap_or_default();
            if folders.insert(folder) {
                archive.extend(header(folder, "0000755", 0, "5"));
            }
        }
        archive.extend(header(path, "0000644", bytes.len(), "0"));
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    // The end is two empty blocks.
    archive.resize(archive.len() + 2 * BLOCK, 0);
    archive
}

/// The header of one entry. The end of a long path stands in the field for the name.
fn header(path: &str, mode: &str, size: usize, kind: &str) -> Vec<u8> {
    let mut header = vec![0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (to, from) in header.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    let split = path.trim_end_matches('/').rfind('/').filter(|_| path.len() >= NAME);
    let (folder, name) = split.and_then(|at| path.split_at_checked(at)).unwrap_or(("", path));
    put(0, name.trim_start_matches('/'));
    put(100, mode);
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, "00000000000");
    // The sum is made with blanks in its own place.
    put(148, "        ");
    put(156, kind);
    put(257, "ustar");
    put(263, "00");
    put(345, folder);
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str, bytes: &[u8]) -> Vec<u8> {
        of(&[TrialFile { path: path.to_owned(), bytes: bytes.to_vec() }])
    }

    #[test]
    fn an_archive_has_whole_blocks_and_a_sum() {
        let archive = one("/past.om", b"hello");
        assert_eq!(archive.len(), 4 * 512);
        assert_eq!(&archive[..8], b"past.om\0");
        assert_eq!(&archive[124..136], b"00000000005\0");
        let sum: u32 = archive[..512].iter().map(|byte| u32::from(*byte)).sum();
        let own: u32 = archive[148..156].iter().map(|byte| u32::from(*byte)).sum();
        let written = std::str::from_utf8(&archive[148..154]).unwrap();
        assert_eq!(u32::from_str_radix(written, 8).unwrap(), sum - own + 8 * 32);
        assert_eq!(&archive[512..517], b"hello");
    }

    #[test]
    fn tar_itself_reads_folders_and_long_paths() {
        let x = "x".repeat(60);
        let long = format!("/{x}/{x}/b");
        let file = |path: &str| TrialFile { path: path.to_owned(), bytes: b"text".to_vec() };
        let archive = of(&[file("/etc/one/file"), file("/etc/one/other"), file(&long)]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("archive"), archive).unwrap();
        let path = folder.path().join("archive");
        let listed = std::process::Command::new("tar").arg("-tf").arg(path).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        let all = ["etc/", "etc/one/", "etc/one/file", "etc/one/other"];
        let all: Vec<String> = all.map(str::to_owned).into_iter().collect();
        let more = [format!("{x}/"), format!("{x}/{x}/"), format!("{x}/{x}/b")];
        assert_eq!(listed.lines().collect::<Vec<_>>(), [all.as_slice(), &more].concat());
    }
}
