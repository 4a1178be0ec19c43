//! What the user should know where units are not installed. Pure.

use super::{Desired, Ground, Observed};
use crate::diagnostic::Diagnostic;

/// Says why nothing is enabled, and what a reboot then means.
#[must_use]
pub fn remarks(desired: &Desired, observed: &Observed) -> Option<Diagnostic> {
    let Desired { units, known: _, adopt: _, rendered, ruleset } = desired;
    let Observed { ground, docker_command, units: _ } = observed;
    if units.is_empty() {
        return None;
    }
    let note = match ground {
        Ground::Systemd if *docker_command => return None,
        Ground::Systemd => {
            return Some(
                Diagnostic::note("the command `docker` is not installed: the collector has no unit")
                    .code("service::no-docker-command")
                    .hint("install it (`apt-get install docker-cli`, or `docker.io` before Debian 13) and apply again"),
            );
        }
        Ground::NoSystemd => Diagnostic::note(format!(
            "systemd does not run here: its units are in `{rendered}`, and none is enabled"
        ))
        .code("service::no-systemd"),
        Ground::OtherEngine(host) => Diagnostic::note(format!(
            "the Docker Engine `{host}` is not the one that systemd's units are about: they are in `{rendered}`, and none is enabled"
        ))
        .code("service::other-engine"),
    };
    Some(match ruleset {
        Some(ruleset) => note
            .cause("after a reboot nothing filters the published ports until the table is loaded")
            .hint(format!("load it at boot, before Docker starts: `nft -f {ruleset}`")),
        None => note,
    })
}
