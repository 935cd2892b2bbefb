//! A PostgreSQL of a test's own, to be stopped and started again under the bot.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub struct Server {
    folder: TempDir,
    bin: PathBuf,
}

impl Server {
    /// None, and a line that says so, where there are no programs of PostgreSQL: `TEST_PG_BIN` is their folder.
    pub fn start() -> Option<Server> {
        super::postgres_url()?;
        let Some(bin) = std::env::var_os("TEST_PG_BIN").map(PathBuf::from) else {
            assert!(std::env::var_os("REQUIRE_POSTGRES").is_none(), "TEST_PG_BIN is not set, and REQUIRE_POSTGRES is");
            eprintln!("NOT RUN: TEST_PG_BIN names no folder with initdb and pg_ctl (scripts/test finds one)");
            return None;
        };
        let server = Server { folder: TempDir::new().unwrap(), bin };
        if is_root() {
            assert!(Command::new("chown").arg("postgres:").arg(server.folder.path()).status().unwrap().success());
        }
        server.run("initdb", &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]);
        server.up();
        Some(server)
    }

    pub fn up(&self) {
        let folder = self.folder.path().display();
        let log = format!("{folder}/log");
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off");
        self.run("pg_ctl", &["-l", &log, "-w", "-o", &options, "start"]);
    }

    /// Connections are cut off in the middle of what they do.
    pub fn down(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.folder.path().display().to_string().replace('/', "%2F"))
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.bin.join(program);
        // They refuse to be root.
        let mut command = Command::new(if is_root() { Path::new("setpriv") } else { &program });
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
        }
        command.current_dir("/").arg("-D").arg(self.folder.path().join("data")).args(arguments);
        // Into a file, not a pipe: the server keeps what it inherits open.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let status = command.status().unwrap();
        assert!(status.success(), "{program:?} {arguments:?}: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.down();
        }
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}
