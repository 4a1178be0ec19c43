//! Grafana's data source and folder, read back from the rendered bytes.
//!
//! Owns what of them the profile decides; the rest is Grafana's. May not know
//! Grafana's API, the profile or the dashboards.

use crate::diagnostic::{Diagnostic, Kind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The data source that the dashboards read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datasource {
    /// Its uid; none: whatever the one of that name has.
    pub uid: Option<String>,
    /// What people see.
    pub name: String,
    /// The plugin: `prometheus`.
    pub kind: String,
    /// How it is made; none: it must exist already, and is never written.
    pub settings: Option<Settings>,
}

/// The settings of a data source that otelctl makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who asks Prometheus: `proxy`, Grafana itself.
    pub access: String,
    /// Prometheus as Grafana reaches it.
    pub url: String,
    /// What a panel takes for the scrape interval.
    pub interval: String,
    /// How Prometheus is asked: `POST`, since long queries do not fit a URL.
    pub method: String,
}

/// The folder of the dashboards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its uid.
    pub uid: String,
    /// What people see.
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatasourceFile {
    #[serde(rename = "comment")]
    _comment: String,
    uid: Option<String>,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    access: Option<String>,
    url: Option<String>,
    #[serde(rename = "jsonData")]
    json: Option<Json>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Json {
    time_interval: String,
    http_method: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderFile {
    #[serde(rename = "comment")]
    _comment: String,
    uid: String,
    title: String,
}

impl Datasource {
    /// Reads a rendered `grafana/datasource.json`.
    ///
    /// # Errors
    /// Text that is no JSON, an unknown key, half of the settings.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let DatasourceFile { _comment, uid, name, kind, access, url, json } =
            read(super::path::DATASOURCE, text)?;
        let settings = match (access, url, json) {
            (Some(access), Some(url), Some(Json { time_interval, http_method }))
                if uid.is_some() =>
            {
                Some(Settings { access, url, interval: time_interval, method: http_method })
            }
            (None, None, None) => None,
            _ => {
                return Err(unreadable(super::path::DATASOURCE)
                    .cause("`uid`, `access`, `url` and `jsonData` make a data source together"));
            }
        };
        Ok(Self { uid, name, kind, settings })
    }
}

impl Folder {
    /// Reads a rendered `grafana/folder.json`.
    ///
    /// # Errors
    /// Text that is no JSON, an unknown or a missing key.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let FolderFile { _comment, uid, title } = read(super::path::FOLDER, text)?;
        Ok(Self { uid, title })
    }
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Diagnostic> {
    serde_json::from_str(text).map_err(|error| unreadable(file).caused_by(&error))
}

fn unreadable(file: &str) -> Diagnostic {
    Diagnostic::error(Kind::Profile, format!("cannot read the rendered `{file}`"))
        .code("artifact::grafana")
        .hint("correct its template")
}

#[cfg(test)]
mod tests {
    use super::{Datasource, Folder};

    #[test]
    fn a_data_source_is_made_or_only_named() {
        let made = r#"{"comment": "", "uid": "u", "name": "P", "type": "prometheus",
            "access": "proxy", "url": "http://p:9090",
            "jsonData": {"timeInterval": "15s", "httpMethod": "POST"}}"#;
        let settings = Datasource::parse(made).unwrap().settings.unwrap();
        assert_eq!((settings.interval.as_str(), settings.url.as_str()), ("15s", "http://p:9090"));
        let named = r#"{"comment": "", "uid": null, "name": "P", "type": "prometheus"}"#;
        assert_eq!(Datasource::parse(named).unwrap().settings, None);
        for wrong in [
            "[]",
            r#"{"comment": "", "name": "P", "type": "prometheus", "url": "http://p:9090"}"#,
            r#"{"comment": "", "name": "P", "type": "prometheus", "basicAuth": true}"#,
        ] {
            assert!(Datasource::parse(wrong).unwrap_err().hint.is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_folder_has_a_uid_and_a_title() {
        let folder = Folder::parse(r#"{"comment": "", "uid": "u", "title": "T"}"#).unwrap();
        assert_eq!((folder.uid.as_str(), folder.title.as_str()), ("u", "T"));
        assert!(Folder::parse(r#"{"comment": "", "uid": "u"}"#).is_err());
    }
}
