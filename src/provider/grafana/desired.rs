//! What a Grafana shall hold, and the operations that bring it about.

use crate::artifact::grafana::{Datasource, Folder};
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::stack::{Access, Grafana, Stack};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a Grafana shall hold of one stack.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The stack's name.
    pub stack: String,
    /// Where people and otelctl reach it.
    pub url: String,
    /// The managed one's container; none: it is the user's own.
    pub container: Option<String>,
    /// The managed one's user and the file of the password, for the one who logs in first.
    pub login: Option<(String, PathBuf)>,
    /// The data source.
    pub datasource: DatasourceGoal,
    /// The uid of our folder.
    pub folder_uid: String,
    /// Our folder; none: it goes, if nothing else lies in it.
    pub folder: Option<Folder>,
    /// Our dashboards.
    pub dashboards: Vec<Dashboard>,
    /// The uids of all dashboards that any profile of this stack makes; those
    /// not desired are removed.
    pub known: Vec<String>,
    /// Addresses of foreign dashboards that the user lets otelctl replace.
    pub adopt: Vec<String>,
}

/// What shall become of the data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatasourceGoal {
    /// It shall be there.
    Present {
        /// The rendered data source.
        datasource: Datasource,
        /// Where its name or uid was asked for.
        origin: Origin,
    },
    /// The one of this uid, ours, goes.
    Gone(String),
}

/// A dashboard as it was rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Dashboard {
    /// Its uid.
    pub uid: String,
    /// All of it, without `id` and `version`.
    pub document: Map<String, Value>,
}

impl Desired {
    /// Reads what the stack's artifacts ask for.
    ///
    /// # Errors
    /// Says which artifact cannot be read back.
    pub fn read(
        stack: &Stack,
        grafana: &Grafana,
        artifacts: &[Artifact],
        adopt: &[String],
    ) -> Result<Self, Diagnostic> {
        let text = |path: &str| {
            let found = artifacts.iter().find(|artifact| artifact.path == path);
            found.map(|artifact| String::from_utf8_lossy(&artifact.bytes))
        };
        let mut desired = Self::gone(stack, grafana);
        if let Some(rendered) = text(path::DATASOURCE) {
            let asked = &grafana.datasource;
            let origin = if asked.theirs { &asked.uid.origin } else { &asked.name.origin };
            let datasource = Datasource::parse(&rendered)?;
            desired.datasource = DatasourceGoal::Present { datasource, origin: origin.clone() };
        }
        desired.folder = text(path::FOLDER).map(|text| Folder::parse(&text)).transpose()?;
        for path in path::DASHBOARDS {
            if let Some(rendered) = text(path) {
                let dashboard = Dashboard::parse(path, &rendered)?;
                if !desired.known.contains(&dashboard.uid) {
                    desired.known.push(dashboard.uid.clone());
                }
                desired.dashboards.push(dashboard);
            }
        }
        desired.adopt = adopt.to_vec();
        Ok(desired)
    }

    /// Asks for nothing of the stack to be left; none: the managed one goes as a whole.
    #[must_use]
    pub fn nothing(stack: &Stack, grafana: &Grafana) -> Option<Self> {
        grafana.container.is_none().then(|| Self::gone(stack, grafana))
    }

    fn gone(stack: &Stack, grafana: &Grafana) -> Self {
        let password = grafana.password_file().map(Path::to_owned);
        let login = match &grafana.access {
            Access::Login(login) => password.map(|file| (login.username.value.clone(), file)),
            Access::Token(_) => None,
        };
        Self {
            stack: stack.name.value.clone(),
            url: grafana.url.value.clone(),
            container: grafana.container.as_ref().map(|container| container.name.clone()),
            login,
            datasource: DatasourceGoal::Gone(grafana.folder.uid.clone()),
            folder_uid: grafana.folder.uid.clone(),
            folder: None,
            dashboards: Vec::new(),
            known: grafana.dashboard_uids(),
            adopt: Vec::new(),
        }
    }
}

impl Dashboard {
    /// Reads a rendered dashboard.
    ///
    /// # Errors
    /// Text that is no JSON object with a uid.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        let wrong = || {
            let message = format!("cannot read the rendered `{file}`");
            Diagnostic::error(Kind::Profile, message).code("grafana::dashboard")
        };
        let document: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| wrong().caused_by(&error))?;
        let uid = document.get("uid").and_then(Value::as_str);
        let uid = uid.ok_or_else(|| wrong().cause("it has no uid"))?.to_owned();
        Ok(Self { uid, document })
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.document.get("title").and_then(Value::as_str).unwrap_or_default()
    }
}

/// What a plan has decided.
#[derive(Clone, Debug)]
pub enum Operation {
    /// One call.
    Call(Box<Call>),
    /// Looks at one object of a Grafana that did not run when the plan was
    /// made, and makes the call that `diff` then decides on, if any.
    Settle {
        /// The object's address in the plan: `grafana/folder/otelctl-otel`.
        address: String,
        /// What the whole Grafana shall hold.
        desired: Arc<Desired>,
    },
}

/// One call to Grafana.
#[derive(Clone, Debug)]
pub enum Call {
    /// Makes the data source.
    CreateDatasource {
        /// What it shall be.
        wanted: Datasource,
        /// The whole request.
        body: Value,
    },
    /// Writes over our data source; what is not ours in it is kept.
    UpdateDatasource {
        /// What it shall be.
        wanted: Datasource,
        /// The whole request, with the version it was decided on.
        body: Value,
    },
    /// Removes our data source.
    DeleteDatasource {
        /// Its uid.
        uid: String,
    },
    /// Makes the folder.
    CreateFolder(Folder),
    /// Renames the folder.
    UpdateFolder {
        /// What it shall be.
        folder: Folder,
        /// The version it was decided on.
        version: Option<i64>,
    },
    /// Removes the folder, if nothing lies in it.
    DeleteFolder {
        /// Its uid.
        uid: String,
        /// Uids of our dashboards, which go before it; a search may still show them.
        gone: Vec<String>,
    },
    /// Makes a dashboard or writes over one.
    SaveDashboard {
        /// The whole dashboard.
        dashboard: Dashboard,
        /// The folder it shall lie in.
        folder_uid: String,
        /// The version it was decided on; none: there is none yet.
        version: Option<i64>,
    },
    /// Removes a dashboard.
    DeleteDashboard {
        /// Its uid.
        uid: String,
        /// The version it was decided on.
        version: Option<i64>,
    },
    /// Marks the moment on every dashboard.
    Annotate {
        /// What people read.
        text: String,
        /// What it is found by.
        tags: Vec<String>,
    },
}
