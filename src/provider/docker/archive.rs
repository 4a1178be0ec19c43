//! A tar archive of one file, the form in which Docker takes files. Knows no container.

/// The size of a block of an archive, in bytes.
const BLOCK: usize = 512;

/// Makes an archive of one file that everybody may read, owned by root.
pub(super) fn of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = vec![0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (to, from) in header.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{:011o}", content.len()));
    put(136, "00000000000");
    // The sum is made with blanks in its own place.
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    let mut archive = header;
    archive.extend_from_slice(content);
    // The end is two empty blocks.
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn an_archive_has_whole_blocks_and_a_sum() {
        let archive = of("past.om", b"hello");
        assert_eq!(archive.len(), 4 * 512);
        assert_eq!(&archive[..7], b"past.om");
        assert_eq!(&archive[124..136], b"00000000005\0");
        let sum: u32 = archive[..512].iter().map(|byte| u32::from(*byte)).sum();
        let own: u32 = archive[148..156].iter().map(|byte| u32::from(*byte)).sum();
        let written = std::str::from_utf8(&archive[148..154]).unwrap();
        assert_eq!(u32::from_str_radix(written, 8).unwrap(), sum - own + 8 * 32);
        assert_eq!(&archive[512..517], b"hello");
    }
}
