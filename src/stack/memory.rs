//! How the collector's memory is shared out, coherent for any limit.

/// The collector's memory in MiB, derived from `memory_limit_mib` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The container's limit: the memory limiter's is 80 % of it.
    pub container: u64,
    /// GOMEMLIMIT: 80 % of the container's limit.
    pub gomemlimit: u64,
    /// The memory limiter's spike: 20 % of the container's limit.
    pub spike: u64,
}

impl Memory {
    /// Derives the shares; the container's limit rounds up and the others
    /// down, so that GOMEMLIMIT equals the memory limiter's limit exactly.
    #[must_use]
    pub const fn of(limit: u64) -> Self {
        let container = limit.saturating_mul(5).div_ceil(4);
        Self { container, gomemlimit: container.saturating_mul(4) / 5, spike: container / 5 }
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;

    #[test]
    fn derives_the_documented_shares() {
        assert_eq!(Memory::of(512), Memory { container: 640, gomemlimit: 512, spike: 128 });
    }

    #[test]
    fn stays_coherent_for_any_limit() {
        for limit in 128..5000 {
            let Memory { container, gomemlimit, spike } = Memory::of(limit);
            assert_eq!(gomemlimit, limit, "GOMEMLIMIT and the limiter agree");
            assert!(gomemlimit + spike <= container, "{limit}");
            assert!(spike < limit, "the soft limit is above zero at {limit}");
        }
    }
}
