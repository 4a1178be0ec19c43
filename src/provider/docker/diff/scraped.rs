//! When containers are stopped: those whose counters are scraped right after a scrape.

use super::Comparison;
use crate::provider::Scraper;
use crate::provider::docker::Scraped;

/// When containers are stopped.
pub(super) struct Moment {
    /// Whose next scrape is waited for.
    pub(super) after: Option<Scraper>,
    /// What the impact says of it, to go on with.
    pub(super) told: String,
}

impl Comparison<'_> {
    /// Decides when containers of these names are stopped.
    pub(super) fn moment<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Moment {
        let concerned = self.desired.scraped.as_ref();
        match concerned.filter(|scraped| names.any(|name| name == scraped.container)) {
            None => Moment { after: None, told: String::new() },
            Some(Scraped { container: _, by: Ok(scraper) }) => {
                Moment { after: Some(scraper.clone()), told: ", right after a scrape".to_owned() }
            }
            Some(Scraped { container, by: Err(why) }) => {
                let told =
                    format!("; what {container} counted since its last scrape is lost: {why}");
                Moment { after: None, told }
            }
        }
    }
}
