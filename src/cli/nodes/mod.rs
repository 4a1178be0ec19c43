//! `render --nodes`: every node of one hierarchy, each as its single run would render it.
//!
//! Owns which nodes there are, the threads, and what is written where. One
//! node's mistake leaves the others alone.

mod said;
mod written;

use super::arguments::{Arguments, Render};
use super::{addresses, exit::Outcome, hierarchy, source, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::hiera::Hiera;
use crate::pipeline;
use crate::profile::Judgements;
use crate::render::Renderer;
use crate::system::disk;
use said::Said;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use written::Written;

/// The endings of files that hold facts.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// What is the same for all nodes.
struct Nodes<'a> {
    hiera: &'a Hiera,
    arguments: &'a Arguments,
    known: Judgements,
    renderer: Renderer,
    output: &'a Path,
    written: Written,
}

/// Renders every node whose facts lie in `folder`, each into its own folder of the output.
pub fn run(
    arguments: &Arguments,
    options: &Render,
    folder: &Path,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(output) = &options.output else {
        return Err(refused("`--nodes` needs a folder for what it renders")
            .hint("name one: `--output DIR`")
            .into());
    };
    for (flag, given) in [
        ("--node", arguments.hierarchy.node.is_some()),
        ("--facts", arguments.hierarchy.facts.is_some()),
    ] {
        if given {
            let hint = format!("leave `{flag}` out, or render one node");
            return Err(refused(&format!("`{flag}` is one node's, and `--nodes` has many"))
                .hint(hint)
                .into());
        }
    }
    let hiera = source::hiera(arguments, terminal)?;
    let renderer = Renderer::new(&source::overrides(arguments)?)?;
    let (known, written) = (Judgements::default(), Written::default());
    let common = Nodes { hiera: &hiera, arguments, known, renderer, output, written };
    let nodes = nodes(folder)?;
    // Before there are threads that would race for it.
    disk::create_folder(output, 0o755)?;
    let said = all(&common, &nodes, terminal);
    terminal.notes(&Failure::check(said.told(nodes.len()))?);
    let noun = if nodes.len() == 1 { "node" } else { "nodes" };
    terminal.data(&format!("{} {noun} rendered to {}\n", nodes.len(), output.display()));
    Ok(Outcome::Done)
}

fn refused(message: &str) -> Diagnostic {
    Diagnostic::error(Kind::Usage, message).code("render::nodes")
}

/// The nodes by name, and where their facts lie: the file's name without its ending.
fn nodes(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut nodes: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut errors = Vec::new();
    for name in disk::names(folder)? {
        let node = name.rsplit_once('.').filter(|(_, ending)| ENDINGS.contains(ending));
        let Some((node, _)) = node else { continue };
        if matches!(node, "" | "." | "..") {
            errors.push(refused(&format!("`{name}` names no node")));
        } else if let Some(other) = nodes.insert(node.to_owned(), folder.join(&name)) {
            let other = other.file_name().unwrap_or_default().display();
            let message = format!("the facts of node `{node}` lie in two files");
            errors.push(refused(&message).cause(format!("`{other}` and `{name}`")));
        }
    }
    if nodes.is_empty() && errors.is_empty() {
        let hint = "put the facts of each node into a file NODE.yaml or NODE.json";
        errors.push(refused(&format!("there are no facts in `{}`", folder.display())).hint(hint));
    }
    Failure::check(errors)?;
    Ok(nodes.into_iter().collect())
}

/// Renders all nodes on all processors, in no order.
fn all(common: &Nodes<'_>, nodes: &[(String, PathBuf)], terminal: &Terminal) -> Said {
    let next = AtomicUsize::new(0);
    let said = Mutex::new(Said::default());
    let spinner = terminal.spinner();
    let work = || {
        while let Some((node, facts)) = nodes.get(next.fetch_add(1, Ordering::Relaxed)) {
            let told =
                one(common, node, facts).unwrap_or_else(|failure| failure.diagnostics().to_vec());
            said.lock().unwrap_or_else(PoisonError::into_inner).add(node, &told);
            spinner.set_message(node.clone());
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(nodes.len());
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    spinner.finish_and_clear();
    said.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Renders one node into its folder; a node with a mistake has none of its files changed.
fn one(common: &Nodes<'_>, node: &str, facts: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let facts = hierarchy::facts(facts)?;
    let scope = hierarchy::scope_of(&common.arguments.hierarchy, &facts);
    let lookup = common.hiera.scoped(&scope);
    let shared = (&common.known, &common.renderer);
    let target = pipeline::target(&lookup, &addresses::of(&scope), shared)?;
    let folder = common.output.join(node);
    let mut made = BTreeSet::new();
    for artifact in &target.artifacts {
        let path = folder.join(&artifact.path);
        if let Some(parent) = path.parent().filter(|parent| made.insert(parent.to_path_buf())) {
            disk::create_folder(parent, 0o755)?;
        }
        common.written.write(&path, artifact)?;
    }
    Ok(target.stack.notes)
}
