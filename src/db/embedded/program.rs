//! Which server program to start, and how.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use super::{EngineError, make_private, unusable};

/// The replica set of the embedded `mongod`.
pub(super) const REPLICA_SET: &str = "canje";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mongod,
    SecantusDb,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Mongod, Self::SecantusDb];

    pub fn binary(self) -> &'static str {
        match self {
            Self::Mongod => "mongod",
            Self::SecantusDb => "secantusd-rs",
        }
    }

    /// Each kind has files of its own, which the other can't read.
    fn folder(self) -> &'static str {
        match self {
            Self::Mongod => "engine-mongod",
            Self::SecantusDb => "engine-secantus",
        }
    }
}

/// A server program found on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    kind: Kind,
    path: PathBuf,
}

impl Program {
    /// The program whose data is already in the directory, else the first one installed.
    pub fn find(data_dir: &Path) -> Result<Self, EngineError> {
        choose(|kind| data_dir.join(kind.folder()).is_dir(), installed)
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn name(&self) -> &'static str {
        self.kind.binary()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The command line, with durable commits: an acknowledged write survives the death of the engine.
    pub fn command(&self, data_dir: &Path, address: SocketAddr) -> Result<Command, EngineError> {
        let folder = data_dir.join(self.kind.folder());
        make_private(&folder).map_err(|source| unusable(&folder, source))?;
        let mut command = Command::new(&self.path);
        command.current_dir(data_dir).env_clear().env("LC_ALL", "C.UTF-8");
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        match self.kind {
            Kind::Mongod => {
                command.args(["--bind_ip", &host, "--port", &port, "--replSet", REPLICA_SET, "--nounixsocket"]);
                command.args(["--quiet", "--wiredTigerCacheSizeGB", "1", "--dbpath"]).arg(folder);
            }
            Kind::SecantusDb => {
                // Naming a configuration keeps it from finding someone else's.
                let config = data_dir.join("engine-secantus.toml");
                std::fs::write(&config, "").map_err(|source| unusable(&config, source))?;
                command.args(["--host", &host, "--port", &port, "--sync-on-commit", "--log-file-max", "16MB"]);
                command.args(["--cache-size", "2G", "--log-level", "WARNING", "--storage-path"]).arg(folder);
                command.arg("--config").arg(config);
            }
        }
        Ok(command)
    }
}

fn choose(
    has_data: impl Fn(Kind) -> bool,
    installed: impl Fn(Kind) -> Option<PathBuf>,
) -> Result<Program, EngineError> {
    let with_data = Kind::ALL.into_iter().find(|kind| has_data(*kind));
    if let Some(kind) = with_data {
        return match installed(kind) {
            Some(path) => Ok(Program { kind, path }),
            // Another program would start empty, and look as if everything were lost.
            None => Err(EngineError::OtherData { program: kind.binary() }),
        };
    }
    let first = Kind::ALL.into_iter().find_map(|kind| Some(Program { kind, path: installed(kind)? }));
    first.ok_or(EngineError::NoBinary)
}

fn installed(kind: Kind) -> Option<PathBuf> {
    let on_path = env::var_os("PATH").into_iter().flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    on_path.chain(tools()).map(|folder| folder.join(kind.binary())).find(|path| path.is_file())
}

/// Where the set-up scripts install what isn't a package of the system.
fn tools() -> Option<PathBuf> {
    let cache = match env::var_os("CANJE_CACHE") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(env::var_os("HOME")?).join(".cache/canje"),
    };
    Some(cache.join("tools/bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(data: &[Kind], installed: &[Kind]) -> Result<Kind, EngineError> {
        let path = |kind: Kind| installed.contains(&kind).then(|| PathBuf::from(kind.binary()));
        choose(|kind| data.contains(&kind), path).map(|program| program.kind)
    }

    #[test]
    fn the_real_server_is_preferred_unless_the_data_is_the_other_ones() {
        assert_eq!(pick(&[], &[Kind::SecantusDb, Kind::Mongod]).unwrap(), Kind::Mongod);
        assert_eq!(pick(&[], &[Kind::SecantusDb]).unwrap(), Kind::SecantusDb);
        assert_eq!(pick(&[Kind::SecantusDb], &Kind::ALL).unwrap(), Kind::SecantusDb);
    }

    #[test]
    fn nothing_installed_says_what_to_run() {
        let error = pick(&[], &[]).unwrap_err();
        assert!(matches!(error, EngineError::NoBinary));
        assert!(error.to_string().contains("make run"));
    }

    #[test]
    fn existing_data_is_never_hidden_by_another_program() {
        let error = pick(&[Kind::Mongod], &[Kind::SecantusDb]).unwrap_err();
        assert!(matches!(error, EngineError::OtherData { program: "mongod" }));
    }
}
