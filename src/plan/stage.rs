//! The total order of all work.

/// The place of a change in the order of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Images are pulled before anything is touched.
    Image,
    /// Configuration is tried in the pinned image.
    Check,
    /// Files below the stack's directory.
    File,
    /// Networks and volumes.
    Network,
    /// The firewall stands before a port is published.
    Firewall,
    /// Containers.
    Container,
    /// The firewall lets go of ports that no container publishes any more.
    Narrowing,
    /// What Prometheus has loaded.
    Prometheus,
}

impl Stage {
    /// The rank when something is made or changed: the order of the variants.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Image => 0,
            Self::Check => 1,
            Self::File => 2,
            Self::Network => 3,
            Self::Firewall => 4,
            Self::Container => 5,
            Self::Narrowing => 6,
            Self::Prometheus => 7,
        }
    }

    /// The rank when something is removed: after all that is made, in reverse,
    /// and the firewall last, so that no port stands open meanwhile.
    #[must_use]
    pub const fn deletion_rank(self) -> u8 {
        match self {
            Self::Prometheus => 10,
            Self::Container => 11,
            Self::Network => 12,
            Self::File => 13,
            Self::Check => 14,
            Self::Image => 15,
            Self::Firewall | Self::Narrowing => 16,
        }
    }
}
