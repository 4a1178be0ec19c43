//! The total order of all work.

/// The place of a change in the order of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Images are pulled before anything is touched.
    Image,
    /// What is to run is tried, before anything is touched.
    Trial,
    /// Files below the stack's directory.
    File,
    /// Networks and volumes.
    Network,
    /// The firewall stands before a port is published.
    Firewall,
    /// Containers.
    Container,
    /// A container whose counters are scraped: it goes before what scrapes it.
    Counter,
    /// The firewall lets go of ports that no container publishes any more.
    Narrowing,
    /// What Prometheus has loaded.
    Prometheus,
    /// Grafana's data source, folder and dashboards.
    Grafana,
    /// The units of systemd.
    Service,
    /// The mark of an apply, once everything else is done.
    Mark,
}

impl Stage {
    /// The rank when something is made or changed: the order of the variants.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Image => 0,
            Self::Trial | Self::File => 1,
            Self::Network => 2,
            Self::Firewall => 3,
            Self::Container | Self::Counter => 4,
            Self::Narrowing => 5,
            Self::Prometheus => 6,
            Self::Grafana => 7,
            Self::Service => 8,
            Self::Mark => 18,
        }
    }

    /// The rank when something is removed: after all that is made, in reverse,
    /// and the firewall last, so that no port stands open meanwhile.
    #[must_use]
    pub const fn deletion_rank(self) -> u8 {
        match self {
            Self::Counter => 9,
            Self::Service => 10,
            Self::Grafana => 11,
            Self::Prometheus => 12,
            Self::Container => 13,
            Self::Network => 14,
            Self::File => 15,
            Self::Image | Self::Trial => 16,
            Self::Firewall | Self::Narrowing => 17,
            Self::Mark => 18,
        }
    }
}
