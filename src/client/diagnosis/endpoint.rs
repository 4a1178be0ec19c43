//! An endpoint, as the CLI takes it apart.

use std::fmt;

/// How an endpoint begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http://`.
    Http,
    /// `https://`.
    Https,
    /// Nothing: `host:port` alone.
    Missing,
}

/// An endpoint. It shows itself without a user's name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How it begins.
    pub scheme: Scheme,
    /// The host: a name, an address, or an IPv6 address in brackets.
    pub host: String,
    /// The port, if it names one.
    pub port: Option<u16>,
    /// What follows, with its slash; may be empty.
    pub path: String,
}

impl Endpoint {
    /// Takes an endpoint apart.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some(_) => return None,
            None => (Scheme::Missing, text),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let (host, port) = match place.rsplit_once(':') {
            // The last colon of `[::1]` is no port's.
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (place, None),
        };
        let bad = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\^`{|}".contains(c);
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.is_empty() || host.contains(bad) || (host.contains(':') && !bracketed) {
            return None;
        }
        Some(Self { scheme, host: host.to_owned(), port, path: path.to_owned() })
    }

    /// The port that is used.
    #[must_use]
    pub fn used_port(&self) -> u16 {
        let default = if self.scheme == Scheme::Https { 443 } else { 80 };
        self.port.unwrap_or(default)
    }

    /// Says that it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// The host, if it is an address.
    #[must_use]
    pub fn address(&self) -> Option<std::net::IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http://",
            Scheme::Https => "https://",
            Scheme::Missing => "",
        };
        write!(f, "{scheme}{}", self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        // A query may hold a key.
        f.write_str(self.path.split(['?', '#']).next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Scheme};
    use proptest::prelude::*;

    #[test]
    fn endpoints_are_taken_apart() {
        let of = |text: &str| {
            let found = Endpoint::parse(text)?;
            Some((found.scheme, found.host.clone(), found.port, found.path.clone()))
        };
        let is = |scheme, host: &str, port, path: &str| {
            Some((scheme, host.to_owned(), port, path.to_owned()))
        };
        assert_eq!(of("http://h:4317"), is(Scheme::Http, "h", Some(4317), ""));
        assert_eq!(of("HTTPS://h/v1"), is(Scheme::Https, "h", None, "/v1"));
        assert_eq!(of("http://[::1]:4318/"), is(Scheme::Http, "[::1]", Some(4318), "/"));
        assert_eq!(of("http://[::1]"), is(Scheme::Http, "[::1]", None, ""));
        assert_eq!(of("h:4317"), is(Scheme::Missing, "h", Some(4317), ""));
        for wrong in
            ["", "http://", "grpc://h:1", "http://h:x", "http://h:70000", "http://::1:4317", "a b"]
        {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        let secret = Endpoint::parse("http://me:hunter2@h:4318/v1?key=hunter2").expect("a URL");
        assert_eq!(secret.to_string(), "http://h:4318/v1");
        assert!(Endpoint::parse("http://localhost:1").is_some_and(|found| found.is_loopback()));
        assert!(Endpoint::parse("http://[::1]:1").is_some_and(|found| found.is_loopback()));
    }

    proptest! {
        #[test]
        fn what_shows_itself_reads_back(text in "(https?://)?([a-z.0-9]{1,9}|\\[::1\\])(:[1-9][0-9]{0,3})?(/[a-z/]{0,9})?") {
            let found = Endpoint::parse(&text).expect("a URL");
            prop_assert_eq!(Endpoint::parse(&found.to_string()), Some(found));
        }

        #[test]
        fn nothing_makes_it_fail(text in "\\PC{0,30}") {
            let _ = Endpoint::parse(&text);
        }
    }
}
