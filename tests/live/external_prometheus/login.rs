//! A Prometheus that asks for a name and a password, and `verify` following a session into it.

use super::by_hand::{ByHand, CONFIG, DEBIAN};
use std::fs;

/// `admin` with the password `s3cret`.
const USERS: &str =
    "basic_auth_users:\n  admin: $2b$04$abcdefghijklmnopqrstuuLZYjhNQAOdpbzt4WxWlUHjv1wsyH5DG\n";

#[test]
fn a_prometheus_with_a_password_is_configured_and_verified() {
    let mut by_hand = ByHand::prepare("login");
    let config = CONFIG.replace(
        "- job_name: 'prometheus'\n",
        "- job_name: 'prometheus'\n  basic_auth: {username: admin, password: s3cret}\n",
    );
    by_hand.write_config(&config);
    by_hand.write("web.yml", USERS);
    by_hand.write("password", "s3cret\n");
    by_hand.start(DEBIAN, "--web.config.file=web.yml");

    let seen = by_hand.otelctl(&["plan"]);
    assert_eq!(seen.status, 77, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("401") && seen.stderr.contains("otelctl::prometheus::password"));

    let password = by_hand.folder().join("password");
    by_hand.write_profile(&format!(
        "otelctl::prometheus::username: admin\notelctl::prometheus::password: 'file:{}'\n",
        password.display()
    ));
    by_hand.otelctl(&["apply"]).ok();
    by_hand.is_settled();
    let seen = by_hand.otelctl(&["verify"]);
    assert_eq!(seen.status, 0, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stdout.contains("read back from http://localhost:9090"), "{}", seen.stdout);

    fs::write(&password, "wr0ng\n").unwrap();
    for (command, status) in [("plan", 77), ("destroy", 77), ("verify", 78)] {
        let seen = by_hand.otelctl(&[command]);
        assert_eq!(seen.status, status, "{command}: {}{}", seen.stdout, seen.stderr);
        assert!(!format!("{seen:?}").contains("wr0ng"), "{seen:?}");
        assert!(seen.stderr.contains("401"), "{}", seen.stderr);
    }
    fs::write(&password, "s3cret\n").unwrap();

    // The hop that fails has a name.
    by_hand.stop();
    let seen = by_hand.otelctl(&["verify"]);
    assert_eq!(seen.status, 78, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("Prometheus at `http://localhost:9090` does not answer"));
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(&config);
}
