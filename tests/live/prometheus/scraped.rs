//! The moment right after a scrape, as a real Prometheus tells it.

use super::Rendered;
use super::server::Exporter;
use otelctl::artifact::prometheus::Interval;
use otelctl::provider::Scraper;
use std::time::{Duration, Instant};

fn scraper(rendered: &Rendered) -> Scraper {
    Scraper {
        url: format!("http://127.0.0.1:{}", rendered.port),
        access: None,
        job: "otel-collector".into(),
        interval: Interval::parse("1s").expect("a second"),
    }
}

/// Asks until a Prometheus that has just been started has something to tell.
async fn patiently(scraper: &Scraper) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        let answer = scraper.next(&|_| ()).await;
        if answer.is_ok() || begin.elapsed() > Duration::from_secs(20) {
            return answer;
        }
    }
}

#[tokio::test]
async fn the_next_scrape_is_waited_for() {
    let exporter = Exporter::start("claude_tokens_total 7\n");
    let rendered = Rendered::new(&exporter.address());
    let _prometheus = rendered.start(&[]);
    let scraper = scraper(&rendered);
    patiently(&scraper).await.expect("it is scraped");
    for _ in 0..3 {
        let begin = Instant::now();
        scraper.next(&|_| ()).await.expect("it is scraped");
        let waited = begin.elapsed();
        assert!(
            waited > Duration::from_millis(500) && waited < Duration::from_secs(3),
            "{waited:?}"
        );
    }
}

#[tokio::test]
async fn why_there_is_nothing_to_wait_for_is_said_at_once() {
    let nobody = Rendered::new("127.0.0.1:1");
    let absent = scraper(&nobody).next(&|_| ()).await.expect_err("nobody is there");
    assert!(absent.contains("cannot be asked: ") && absent.contains("refused"), "{absent}");

    let _prometheus = nobody.start(&[]);
    let begin = Instant::now();
    let mut failed = String::new();
    while !failed.contains("last scrape of `otel-collector` failed") {
        failed = scraper(&nobody).next(&|_| ()).await.expect_err("the target is down");
        assert!(begin.elapsed() < Duration::from_secs(20), "{failed}");
    }
    let other = Scraper { job: "other".into(), ..scraper(&nobody) };
    let begin = Instant::now();
    let nobody_scrapes = other.next(&|_| ()).await.expect_err("there is no such job");
    assert_eq!(nobody_scrapes, "Prometheus does not scrape `other`");
    assert!(begin.elapsed() < Duration::from_secs(2));
}
