//! The total order of all work.

/// The place of a change in the order of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Images are pulled before anything is touched.
    Image,
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
            Self::File => 1,
            Self::Network => 2,
            Self::Firewall => 3,
            Self::Container => 4,
            Self::Narrowing => 5,
            Self::Prometheus => 6,
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
            Self::Image => 14,
            Self::Firewall | Self::Narrowing => 15,
        }
    }
}
